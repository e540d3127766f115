"""Product tables of Bagisto, and its words in many languages."""
