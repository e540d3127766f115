"""Product tables of Medusa, versions 1 and 2."""
