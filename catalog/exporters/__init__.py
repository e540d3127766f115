"""The catalogue as files: our own table to edit and bring in again, and feeds for others to read."""
