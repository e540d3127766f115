"""Single glossary terms. Nothing is saved here: the form calls the actions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import pgettext_lazy

from catalog.actions.glossary import TermDraft, put_term, remove_term
from catalog.admin.forms import TriedForm
from catalog.models import GlossaryTerm
from catalog.translating.desk.forms import language_choices


class TermForm(TriedForm):
    """One term; what it says is tried before the page says yes."""

    class Meta:
        model = GlossaryTerm
        fields = ["source_term", "language", "target_term", "do_not_translate", "case_sensitive", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain = self.fields["language"]
        self.fields["language"] = forms.ChoiceField(
            label=plain.label,
            help_text=plain.help_text,
            required=False,
            choices=[("", pgettext_lazy("language", "Every language")), *language_choices()],
        )

    def perform(self) -> bool:
        """Put the term."""
        given = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return put_term(draft=TermDraft(**given), term_id=self.instance.pk)

    def _get_validation_exclusions(self) -> set[str]:
        """The action says what a term must be, in words; the database holds it."""
        return {*super()._get_validation_exclusions(), *self.Meta.fields}  # type: ignore[misc]  # not in the stubs

    def validate_constraints(self) -> None:
        """The action does."""


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(admin.ModelAdmin[GlossaryTerm]):
    """Terms one by one; whole tables of them go through the translation desk."""

    form = TermForm
    list_display = ("source_term", "language", "target_term", "do_not_translate", "case_sensitive", "note")
    list_filter = ("language", "do_not_translate")
    search_fields = ("source_term", "target_term")
    list_per_page = 100
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: GlossaryTerm, form: ModelForm[GlossaryTerm], change: bool) -> None:
        """The form's action."""
        assert isinstance(form, TermForm)  # noqa: S101 (narrows the type)
        if not change:
            obj.pk = None
        form.instance.pk = obj.pk
        form.perform()
        obj.pk = GlossaryTerm.objects.get(source_term=obj.source_term, language=obj.language).pk

    def delete_model(self, request: HttpRequest, obj: GlossaryTerm) -> None:
        """The action."""
        remove_term(term_id=obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[GlossaryTerm]) -> None:
        """The same for several."""
        for pk in list(queryset.values_list("pk", flat=True)):
            remove_term(term_id=pk)
