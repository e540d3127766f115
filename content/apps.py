"""What we say: home sections, blog, topics, landing pages, policies, menus, redirects, sitemaps.

Also the storefront's template tags and the demo shop.
"""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "content"

    def ready(self) -> None:
        from content.translations import register_content  # noqa: PLC0415 (needs the models)

        register_content()
