"""Addresses of the translation desk, inside the admin's own namespace."""

from django.urls import URLPattern, path

from catalog.translating.desk import exchange, glossary, views
from catalog.workspace.screens import Wrap


def translation_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen and operation; `wrap` is the site's own door."""
    job = "translations/files/<int:pk>/"
    row = "translations/text/<str:key>/<int:pk>/"
    return [
        path("translations/", wrap(views.desk), name="translations"),
        path("translations/completeness/", wrap(views.completeness), name="translations_completeness"),
        path("translations/approve/", wrap(views.approve), name="translations_approve"),
        path("translations/next/", wrap(views.next_one), name="translations_next"),
        path("translations/files/", wrap(exchange.ExchangeView.as_view()), name="translations_exchange"),
        path(job, wrap(exchange.job_page), name="translations_job"),
        path(f"{job}apply/", wrap(exchange.apply_job), name="translations_job_apply"),
        path(f"{job}stop/", wrap(exchange.stop_job), name="translations_job_stop"),
        path(f"{job}file/", wrap(exchange.job_file), name="translations_job_file"),
        path(f"{job}rows.csv", wrap(exchange.job_rows), name="translations_job_rows"),
        path("translations/glossary/", wrap(glossary.GlossaryView.as_view()), name="translations_glossary"),
        path("translations/glossary.csv", wrap(glossary.glossary_file), name="translations_glossary_file"),
        path(row, wrap(views.EditorView.as_view()), name="translations_editor"),
        path(f"{row}machine/", wrap(views.ask_machine), name="translations_machine"),
    ]
