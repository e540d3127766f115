"""The glossary's screen: what it holds, in and out as a table. Single terms are written in the admin's own form."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET

from catalog.models import GlossaryTerm
from catalog.translating.desk.forms import GlossaryFileForm, language_choices
from catalog.translating.exchange.glossary import bring_terms, write_terms
from catalog.workspace.screens import PER_PAGE, links_of, must, screen
from core.errors import DomainError

LOOK, CHANGE = "catalog.view_glossaryterm", "catalog.change_glossaryterm"
MOST_BYTES = 5 * 1024 * 1024
MOST_TOLD = 20


class GlossaryView(View):
    """The terms, and a table of them coming in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must(request, LOOK)
        return self.page(request, GlossaryFileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Put the terms of a table."""
        must(request, CHANGE, "catalog.add_glossaryterm")
        form = GlossaryFileForm(request.POST, request.FILES)
        if form.is_valid() and form.cleaned_data["file"].size > MOST_BYTES:
            form.add_error("file", _("This file is too large for a glossary."))
        if not form.is_valid():
            return self.page(request, form, status=422)
        try:
            rows = bring_terms(form.cleaned_data["file"])
        except DomainError as refusal:
            form.add_error("file", str(refusal))
            return self.page(request, form, status=422)
        counts = Counter(row.outcome for row in rows)
        messages.success(
            request,
            _("%(changed)d terms were changed, %(unchanged)d are as before, %(refused)d were refused.")
            % {name: counts[name] for name in ("changed", "unchanged", "refused")},
        )
        for row in [row for row in rows if row.outcome == "refused"][:MOST_TOLD]:
            messages.error(request, f"{row.line}: {row.term} – {row.sentence}")
        return HttpResponseRedirect(reverse("admin:translations_glossary"))

    @staticmethod
    def page(request: HttpRequest, form: GlossaryFileForm, *, status: int = 200) -> HttpResponse:
        """The terms of a language or with a word in them; 422 when a table was refused."""
        q, language = request.GET.get("q", "").strip()[:100], request.GET.get("language", "")
        terms = GlossaryTerm.objects.all()
        if q:
            terms = terms.filter(Q(source_term__icontains=q) | Q(target_term__icontains=q))
        if language in dict(language_choices()):
            terms = terms.filter(Q(language=language) | Q(language=""))
        page = Paginator(terms, PER_PAGE).get_page(request.GET.get("page"))
        return screen(
            request,
            "admin/catalog/translations/glossary.html",
            status=status,
            title=_("Glossary"),
            form=form,
            terms=page,
            links=links_of(page, {name: value for name, value in (("q", q), ("language", language)) if value}),
            q=q,
            language=language,
            choices=language_choices(),
            may_change=request.user.has_perms([CHANGE, "catalog.add_glossaryterm"]),
        )


@require_GET
def glossary_file(request: HttpRequest) -> StreamingHttpResponse:
    """Every term as CSV."""
    must(request, LOOK)
    response = StreamingHttpResponse(write_terms(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="glossary.csv"'
    return response
