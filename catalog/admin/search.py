"""What the search is taught, and what shoppers look for."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.actions.searching import (
    RedirectDraft,
    check_redirect,
    check_synonym,
    put_redirect,
    put_synonym,
    remove_redirect,
    remove_synonym,
)
from catalog.errors import RedirectProblem, SynonymProblem
from catalog.models import SearchQueryCount, SearchRedirect, Synonym
from core.admin import ReadOnlyAdmin

PER_PAGE = 100


class SynonymForm(forms.ModelForm[Synonym]):
    """A word and what it also finds."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = Synonym
        fields = ("language", "term", "means")
        help_texts = {"means": _("Separated by commas. A phrase finds what has all of its words.")}

    def clean(self) -> dict[str, Any]:
        """Refused with the action's own sentence."""
        said = super().clean() or {}
        if not self.errors:
            try:
                check_synonym(language=said["language"], term=said["term"], means=said["means"])
            except SynonymProblem as problem:
                raise forms.ValidationError(str(problem)) from problem
        return said


class RedirectForm(forms.ModelForm[SearchRedirect]):
    """A query and where it leads."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = SearchRedirect
        fields = ("language", "query", "category", "product", "path")

    def clean(self) -> dict[str, Any]:
        """Refused with the action's own sentence."""
        said = super().clean() or {}
        if not self.errors:
            try:
                check_redirect(RedirectDraft(**{name: said[name] for name in self.Meta.fields}))
            except RedirectProblem as problem:
                raise forms.ValidationError(str(problem)) from problem
        return said


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin[Synonym]):
    """Words that mean the same."""

    form = SynonymForm
    list_display = ("term", "language", "means")
    list_filter = ("language",)
    search_fields = ("term",)
    list_per_page = PER_PAGE
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Synonym, form: Any, change: bool) -> None:
        """By the action."""
        row = put_synonym(language=obj.language, term=obj.term, means=obj.means, synonym_id=obj.pk)
        obj.pk = row.pk

    def delete_model(self, request: HttpRequest, obj: Synonym) -> None:
        """By the action."""
        remove_synonym(synonym_id=obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Synonym]) -> None:
        """One by one, by the action."""
        for pk in queryset.values_list("pk", flat=True):
            remove_synonym(synonym_id=pk)


@admin.register(SearchRedirect)
class SearchRedirectAdmin(admin.ModelAdmin[SearchRedirect]):
    """Queries that lead straight to a page."""

    form = RedirectForm
    list_display = ("query", "language", "category", "product", "path")
    list_filter = ("language",)
    list_select_related = ("category", "product")
    search_fields = ("query",)
    autocomplete_fields = ("category", "product")
    list_per_page = PER_PAGE
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: SearchRedirect, form: Any, change: bool) -> None:
        """By the action."""
        draft = RedirectDraft(**{name: form.cleaned_data[name] for name in RedirectForm.Meta.fields})
        obj.pk = put_redirect(draft=draft, redirect_id=obj.pk).pk

    def delete_model(self, request: HttpRequest, obj: SearchRedirect) -> None:
        """By the action."""
        remove_redirect(redirect_id=obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SearchRedirect]) -> None:
        """One by one, by the action."""
        for pk in queryset.values_list("pk", flat=True):
            remove_redirect(redirect_id=pk)


class FoundNothing(admin.SimpleListFilter):
    """Queries that found products, or none."""

    title = _("results")
    parameter_name = "found"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Two answers."""
        return [("no", _("Found nothing")), ("yes", _("Found products"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the chosen answer."""
        if self.value() == "no":
            return queryset.filter(results=0)
        return queryset.filter(results__gt=0) if self.value() == "yes" else queryset


@admin.register(SearchQueryCount)
class SearchQueryCountAdmin(ReadOnlyAdmin):
    """What shoppers look for, and what they do not find. Nobody is named."""

    list_display = ("normal", "market", "language", "day", "searches", "results")
    list_filter = (FoundNothing, "market", "language")
    list_select_related = ("market",)
    search_fields = ("normal",)
    date_hierarchy = "day"
