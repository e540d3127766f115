"""The category tree as operators keep it."""
