"""The admin with our own site in it."""

from django.contrib.admin.apps import AdminConfig


class PortolanAdminConfig(AdminConfig):
    """Django's admin; `default_site` is ours, so every `@admin.register` lands there."""

    default_site = "config.admin_site.PortolanAdminSite"
