"""Slugs in every script."""


class UnicodeSlug:
    """Letters and digits of any script, hyphens and underscores: `uslug` in address patterns."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value.casefold()

    def to_url(self, value: str) -> str:
        return value
