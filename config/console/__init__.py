"""The operators' console: what needs work today, search, navigation, imports. Knows every app."""
