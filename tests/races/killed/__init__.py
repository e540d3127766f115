"""The shop's own programs, killed while they stand at a named step."""
