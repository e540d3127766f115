"""The operators' site: Django's admin, its language switch, and sign-in through the shop's accounts."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PortolanAdminSite(AdminSite):
    """One site for all operators. What a person sees there follows their permissions."""

    site_title = _("Meridian admin")
    site_header = settings.SHOP_NAME
    index_title = _("Everything in tables")
    enable_nav_sidebar = True

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the languages an operator can switch to."""
        return {**super().each_context(request), "admin_languages": settings.LANGUAGES}
