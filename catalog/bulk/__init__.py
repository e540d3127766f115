"""Changing one field of many rows at once: what can be changed, how, and how it is taken back."""
