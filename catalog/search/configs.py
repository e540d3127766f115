"""PostgreSQL's text search configuration of each storefront language."""

CONFIGS = {
    "en": "english",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "pt-br": "portuguese",
    "ar": "arabic",
}


def config_of(language: str) -> str:
    """The stemming configuration; `simple` where PostgreSQL has none."""
    return CONFIGS.get(language, "simple")
