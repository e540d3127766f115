"""Addresses of the console, inside the admin's own namespace."""

from django.urls import URLPattern, path

from config.console import imports, views
from orders.workspace.urls import Wrap


def console_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen; `wrap` is the site's own door."""
    return [
        path("search/", wrap(views.search), name="console_search"),
        path("import/", wrap(imports.ImportView.as_view()), name="console_import"),
        path("import/<int:pk>/", wrap(imports.job_page), name="console_job"),
        path("import/<int:pk>/apply/", wrap(imports.apply_job), name="console_job_apply"),
        path("import/<int:pk>/stop/", wrap(imports.stop_job), name="console_job_stop"),
        path("import/<int:pk>/rows.csv", wrap(imports.job_errors), name="console_job_errors"),
    ]
