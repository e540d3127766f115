"""Product tables of Spree Commerce 5, alone or with their translations in a ZIP."""
