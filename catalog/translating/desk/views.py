"""The desk over HTTP: what is to be done, how complete each language is, and one row side by side."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from catalog.actions.machine_translations import fill_by_machine
from catalog.actions.translations import NewText, TextPlace, approve_translations, save_translations
from catalog.models import TranslationState
from catalog.slugs import slug_of
from catalog.translating.completeness import coverage, coverage_by_field, coverage_by_model, shown_instead
from catalog.translating.desk.forms import FilterForm, language_choices
from catalog.translating.editing import editor
from catalog.translating.errors import TextsMoved, TextsRefused
from catalog.translating.listing import next_to_translate, text_list
from catalog.translating.machine import machine_translator
from catalog.translating.matching import TextFilter, tallies_of
from catalog.translating.registry import source_language, target_languages, translatables
from catalog.workspace.screens import must, screen
from core.errors import DomainError

VIEW = "catalog.view_translationstate"
TRANSLATE = "catalog.translate_texts"
APPROVE = "catalog.approve_translations"
State = TranslationState.State


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What is to be done."""
    must(request, VIEW)
    asked = TextFilter.of(request.GET)
    tallies = tallies_of(asked)
    page = text_list(asked, tallies, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    languages = (asked.language,) if asked.language else target_languages()
    return screen(
        request,
        "admin/catalog/translations/desk.html",
        title=pgettext("screen", "Translations"),
        page=page,
        form=FilterForm(asked.asked),
        asked=asked,
        covered=coverage(tallies, languages),
        kept=urlencode(asked.asked),
        source=source_language(),
        may_approve=bool(asked.language) and request.user.has_perm(APPROVE),
        may_translate=request.user.has_perm(TRANSLATE),
    )


@require_GET
def completeness(request: HttpRequest) -> HttpResponse:
    """Per language: how much there is, and what shoppers read instead of the rest."""
    must(request, VIEW)
    asked = TextFilter.of({**request.GET.dict(), "standing": ""})
    tallies = tallies_of(asked)
    languages = (asked.language,) if asked.language else target_languages()
    by_model = coverage_by_model(tallies, languages)
    by_field = coverage_by_field(tallies, languages)
    entries = [entry for entry in translatables() if (entry.key, languages[0]) in by_model]
    table = [
        (
            entry,
            [by_model[entry.key, language] for language in languages],
            [
                (each, [by_field[f"{entry.key} {each.name}", language] for language in languages])
                for each in entry.fields
                if (f"{entry.key} {each.name}", languages[0]) in by_field
            ],
        )
        for entry in entries
    ]
    form = FilterForm(asked.asked)
    del form.fields["standing"]
    return screen(
        request,
        "admin/catalog/translations/completeness.html",
        title=_("How complete each language is"),
        form=form,
        asked=asked,
        languages=languages,
        covered=coverage(tallies, languages),
        table=table,
        instead=shown_instead(tallies, languages),
        source=source_language(),
    )


@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """Approve what was ticked in the list, as it stands."""
    must(request, APPROVE)
    places = [place for ticked in request.POST.getlist("text") if (place := _place(ticked)) is not None]
    if not places:
        messages.warning(request, _("Choose at least one text."))
    else:
        try:
            result = approve_translations(places=places)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            sentence = ngettext("%(count)d text is approved.", "%(count)d texts are approved.", result.done)
            messages.success(request, sentence % {"count": result.done})
            for place, why in result.refused:
                messages.error(request, f"{place.key} {place.object_id} {place.field} ({place.language}): {why}")
    return HttpResponseRedirect(f"{reverse('admin:translations')}?{urlencode(TextFilter.of(request.POST).asked)}")


@require_GET
def next_one(request: HttpRequest) -> HttpResponse:
    """On to the next row that has something to translate in this language."""
    must(request, VIEW)
    asked = TextFilter.of(request.GET)
    language = asked.language or target_languages()[0]
    behind = str(request.GET.get("key") or ""), int(pk) if (pk := request.GET.get("pk", "")).isdigit() else 0
    found = next_to_translate(asked, language=language, behind=behind)
    if found is None:
        messages.success(request, _("Nothing is left to translate here."))
        return HttpResponseRedirect(f"{reverse('admin:translations')}?{urlencode(asked.asked)}")
    return HttpResponseRedirect(_editor_url(found.model, found.object_id, asked, [language]))


class EditorView(View):
    """One row side by side."""

    def get(self, request: HttpRequest, key: str, pk: int) -> HttpResponse:
        """The page."""
        must(request, VIEW)
        return self.page(request, key, pk)

    def post(self, request: HttpRequest, key: str, pk: int) -> HttpResponse:
        """Save what was written: all of it or, with everything typed still there, nothing."""
        must(request, TRANSLATE)
        deed = request.POST.get("do", "save")
        may_approve = request.user.has_perm(APPROVE)
        texts = _texts(request.POST, vouches=State.APPROVED if may_approve else State.DRAFT,
                       wants_all=may_approve and deed.startswith("approve"))  # fmt: skip
        try:
            count = save_translations(key=key, object_id=pk, texts=texts, slugs=_slugs(request.POST))
        except (TextsMoved, TextsRefused) as refusal:
            typed = {(text.field, text.language): text.words for text in texts}
            errors = {(each.field, each.language): each.sentence for each in refusal.texts}
            return self.page(request, key, pk, typed=typed, errors=errors, refusal=str(refusal))
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:translations"))
        _tell(request, count)
        asked, languages = TextFilter.of(request.GET), _languages(request)
        if deed.endswith("next"):
            query = {**asked.asked, "language": languages[0], "key": key, "pk": str(pk)}
            return HttpResponseRedirect(f"{reverse('admin:translations_next')}?{urlencode(query)}")
        return HttpResponseRedirect(_editor_url(key, pk, asked, languages))

    def page(
        self,
        request: HttpRequest,
        key: str,
        pk: int,
        *,
        typed: Mapping[tuple[str, str], str] | None = None,
        errors: Mapping[tuple[str, str], str] | None = None,
        refusal: str = "",
    ) -> HttpResponse:
        """The editor; 422 with what was refused."""
        page = editor(key=key, object_id=pk, languages=_languages(request), typed=typed, errors=errors)
        if page is None:
            raise Http404
        asked = TextFilter.of(request.GET)
        following = {**asked.asked, "language": page.languages[0], "key": key, "pk": str(pk)}
        return screen(
            request,
            "admin/catalog/translations/editor.html",
            status=422 if refusal else 200,
            title=page.name,
            page=page,
            refusal=refusal,
            source=source_language(),
            choices=language_choices(),
            asked=asked,
            kept=urlencode(asked.asked),
            here=request.GET.urlencode(),
            next_url=f"{reverse('admin:translations_next')}?{urlencode(following)}",
            may_translate=request.user.has_perm(TRANSLATE),
            may_approve=request.user.has_perm(APPROVE),
            has_machine=machine_translator() is not None,
        )


@require_POST
def ask_machine(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Fill what is missing in one language by machine; it is marked as such until a person has read it."""
    must(request, TRANSLATE)
    language = request.POST.get("language", "")
    try:
        count = fill_by_machine(key=key, object_id=pk, language=language)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        _tell(request, count)
    return HttpResponseRedirect(_editor_url(key, pk, TextFilter.of(request.GET), _languages(request)))


def _tell(request: HttpRequest, count: int) -> None:
    if count:
        sentence = ngettext("%(count)d text is saved.", "%(count)d texts are saved.", count)
        messages.success(request, sentence % {"count": count})
    else:
        messages.info(request, _("Nothing was changed."))


def _languages(request: HttpRequest) -> list[str]:
    """The languages the editor shows: those of the address, else the one of the filter, else the first."""
    wanted = [code for code in request.GET.getlist("languages") if code in target_languages()]
    asked = request.GET.get("language", "")
    return wanted or [asked if asked in target_languages() else target_languages()[0]]


def _editor_url(key: str, pk: int, asked: TextFilter, languages: list[str]) -> str:
    query = urlencode({**asked.asked, "languages": languages}, doseq=True)
    return f"{reverse('admin:translations_editor', args=[key, pk])}?{query}"


def _texts(given: QueryDict, *, vouches: str, wants_all: bool) -> list[NewText]:
    """What the editor's form says; names are `words.<field>.<language>` and the like."""
    found = []
    for name in given:
        kind, _dot, place = name.partition(".")
        field, dot, language = place.partition(".")
        if kind != "words" or not dot:
            continue
        words = str(given[name])
        is_vouched = f"right.{place}" in given or (wants_all and bool(words.strip()))
        found.append(
            NewText(
                field=field,
                language=language,
                words=words,
                state=vouches if is_vouched else None,
                seen=given.get(f"seen.{place}") or None,
            )
        )
    return found


def _slugs(given: QueryDict) -> dict[str, str]:
    """Addresses that are to follow their names."""
    found = {}
    for language in given.getlist("follow"):
        slug = slug_of(str(given.get(f"words.name.{language}") or ""))
        if slug and language in target_languages():
            found[language] = slug
    return found


def _place(ticked: str) -> TextPlace | None:
    parts: Any = ticked.split(":")
    if len(parts) != 4 or not parts[1].isdigit():
        return None
    return TextPlace(key=parts[0], object_id=int(parts[1]), field=parts[2], language=parts[3])
