"""Settings: `base` holds what is always true; `dev`, `test` and `prod` differ in values, not in behaviour."""
