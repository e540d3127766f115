"""Payment providers: one folder each, of one shape, named in the settings."""
