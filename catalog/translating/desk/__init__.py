"""The translation desk's screens, inside the admin site."""
