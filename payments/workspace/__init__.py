"""Where operators compare the books. Part of the admin site."""
