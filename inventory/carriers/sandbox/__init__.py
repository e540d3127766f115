"""The house's own stand-in for a carrier."""
