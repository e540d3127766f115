"""Product tables of Squarespace."""
