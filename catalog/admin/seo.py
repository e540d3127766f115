"""Patterns for titles and descriptions that search engines read."""

from django.contrib import admin

from catalog.admin.vocabulary import VocabularyAdmin
from catalog.models import MetaTemplate


@admin.register(MetaTemplate)
class MetaTemplateAdmin(VocabularyAdmin):
    """One pattern per kind of page, language and market."""

    list_display = ("kind", "language", "market", "title")
    list_filter = ("kind", "language", "market")
    list_select_related = ("market",)
