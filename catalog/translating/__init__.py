"""The translation desk: which texts there are, how far each translation is, and how translations travel."""
