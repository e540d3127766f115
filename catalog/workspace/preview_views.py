"""Links to previews over HTTP: of a product or a category, as any market, language, moment and customer group."""

from abc import abstractmethod
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views import View

from catalog.actions.previewing import make_preview
from catalog.models import PUBLIC, Category, PriceList, Product, Route
from catalog.previews import preview_path
from catalog.publishing.lacks import lacks_of
from catalog.publishing.preview import CATEGORY, PRODUCT, Sight
from catalog.workspace.market_forms import moment_input
from catalog.workspace.matrix_forms import InputForm
from catalog.workspace.screens import must, screen
from core.errors import DomainError
from markets.names import language_name
from markets.queries import active_markets, market_by_code

CHANGE = "catalog.change_product"
HOURS = (
    ("1", gettext_lazy("one hour")),
    ("24", gettext_lazy("one day")),
    ("168", gettext_lazy("one week")),
    ("720", gettext_lazy("thirty days")),
)


class PreviewForm(InputForm):
    """As whom, where and when to look."""

    place = forms.ChoiceField(label=gettext_lazy("Market and language"))
    at = forms.DateTimeField(
        label=pgettext_lazy("label of a moment", "At"),
        required=False,
        widget=moment_input(),
        help_text=gettext_lazy("Empty for now. What is planned until then has happened in the preview."),
    )
    audience = forms.ChoiceField(label=gettext_lazy("Customer group"))
    hours = forms.ChoiceField(label=gettext_lazy("The link works for"), choices=HOURS, initial="24")
    drafts = forms.BooleanField(label=gettext_lazy("Show drafts as if they were on sale"), required=False)

    def __init__(self, data: Any = None, *, kind: str) -> None:
        super().__init__(data)
        reader = get_language() or "en"
        self.kind = kind
        places = [
            (f"{market.code}/{code}", f"{market.name}, {language_name(code, reader)}")
            for market in active_markets(language=reader)
            for code in market.languages
        ]
        groups = PriceList.objects.exclude(audience_key=PUBLIC).exclude(status=PriceList.Status.ARCHIVED)
        keys = groups.order_by("audience_key").values_list("audience_key", flat=True).distinct()
        everybody = (PUBLIC, pgettext_lazy("customer group", "Everybody"))
        self.fields["place"].choices = places  # type: ignore[attr-defined]  # a choice field
        self.fields["audience"].choices = [everybody, *((key, key) for key in keys)]  # type: ignore[attr-defined]  # as above
        if kind == PRODUCT:
            del self.fields["drafts"]

    def sight(self, pk: int) -> Sight:
        """What is to be shown."""
        given = self.cleaned_data
        return Sight(
            kind=self.kind,
            id=pk,
            market=given["place"].split("/")[0],
            at=given["at"].isoformat() if given["at"] else None,
            audience=given["audience"],
            drafts=given.get("drafts", False),
        )


class PreviewView(View):
    """Ask for a link, and show it."""

    kind: str

    @abstractmethod
    def target(self, pk: int) -> Product | Category:
        """What is to be seen. Raises `Http404`."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form."""
        must(request, CHANGE)
        return self.page(request, self.target(pk), PreviewForm(kind=self.kind))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form with a link."""
        must(request, CHANGE)
        target = self.target(pk)
        form = PreviewForm(request.POST, kind=self.kind)
        if not form.is_valid():
            return self.page(request, target, form, status=422)
        try:
            link = self.link(request, target, form)
        except DomainError as refused:
            form.add_error(None, str(refused))
            return self.page(request, target, form, status=422)
        return self.page(request, target, form, link=link)

    def link(self, request: HttpRequest, target: Product | Category, form: PreviewForm) -> str:
        """The whole address."""
        code, language = form.cleaned_data["place"].split("/")
        market = market_by_code(code, language=language)
        token = make_preview(target=target, sight=form.sight(target.pk), hours=int(form.cleaned_data["hours"]))
        routes = Route.objects.filter(**{self.kind: target}, language=language, current=True)
        slug = routes.values_list("slug", flat=True).first() or target.code
        return request.build_absolute_uri(preview_path(market, self.kind, slug, token))

    def page(
        self, request: HttpRequest, target: Product | Category, form: PreviewForm, *, link: str = "", status: int = 200
    ) -> HttpResponse:
        """The form in its page."""
        reader = get_language() or "en"
        if link:
            messages.success(request, _("The link is ready."))
        return screen(
            request,
            "admin/catalog/workspace/preview.html",
            status=status,
            title=_("Preview"),
            name=target.text("name", reader) or target.code,
            product=target if isinstance(target, Product) else None,
            category=target if isinstance(target, Category) else None,
            lacks=lacks_of([target.pk], language=reader)[target.pk] if isinstance(target, Product) else (),
            form=form,
            link=link,
        )


class ProductPreviewView(PreviewView):
    """Of a product."""

    kind = PRODUCT

    def target(self, pk: int) -> Product:
        """One that was not put away."""
        return get_object_or_404(Product.objects.exclude(status=Product.Status.ARCHIVED), pk=pk)


class CategoryPreviewView(PreviewView):
    """Of a category."""

    kind = CATEGORY

    def target(self, pk: int) -> Category:
        """One that shoppers can open."""
        found: Category = get_object_or_404(Category, pk=pk, active=True)
        return found
