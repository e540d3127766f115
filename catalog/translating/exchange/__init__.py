"""Translations as files: out to translators, and back."""
