"""What we say: home sections, blog, topics, landing pages, policies, menus, redirects, sitemaps.

Also the storefront's template tags and the demo shop.
"""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = _("Content")

    def ready(self) -> None:
        from content.translations import register_content  # noqa: PLC0415 (needs the models)

        register_content()
