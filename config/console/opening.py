"""Opening and closing markets: all of them, one with its bars, and the steps that make a new one out of another."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views import View

from catalog.actions.market_prices import draft_code, propose_market_prices, use_proposed_prices
from catalog.models import PriceList
from catalog.workspace.screens import Wrap, screen
from config.console.opening_forms import (
    LanguagesForm,
    PoliciesForm,
    PricesForm,
    ReasonForm,
    StartForm,
    countries_of_market,
    initial_policies,
)
from core.admin import Operation, OperationView, dress
from core.errors import DomainError
from markets.actions import close_market, open_market
from markets.models import Market
from markets.opening import copy_market, set_market_languages, set_market_policies
from markets.queries import market_called
from markets.readiness import readiness_of

STEPS = (
    ("admin:opening_start", gettext_lazy("Copy a market")),
    ("admin:opening_languages", gettext_lazy("Currency and languages")),
    ("admin:opening_policies", gettext_lazy("Policies")),
    ("admin:opening_prices", pgettext_lazy("step of opening a market", "Prices")),
    ("admin:opening_market", gettext_lazy("Check and open")),
)


def list_of_markets(request: HttpRequest) -> HttpResponse:
    """Every market with where it stands; nothing is measured here."""
    _must(request, "markets.view_market")
    rows = Market.objects.select_related("currency").order_by("-active", "position", "code")
    return screen(
        request,
        "admin/markets/openings.html",
        title=_("Open and close markets"),
        markets=rows,
        may_add=request.user.has_perm("markets.add_market"),
    )


def market_page(request: HttpRequest, code: str) -> HttpResponse:
    """One market with a bar per area, and what is missing with the way to it."""
    _must(request, "markets.view_market")
    market = get_object_or_404(Market, code=code)
    draft = PriceList.objects.filter(code=draft_code(code), status=PriceList.Status.DRAFT).first()
    return screen(
        request,
        "admin/markets/readiness.html",
        title=market_called(market),
        market=market,
        countries=countries_of_market(market),
        found=readiness_of(market),
        draft=draft,
        may_change=request.user.has_perm("markets.change_market"),
        may_price=request.user.has_perm("catalog.change_price"),
    )


class StartView(View):
    """The first step: copy a market."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self._page(request, StartForm(initial={"source": request.GET.get("source", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """A closed copy, and on to the next step."""
        form = StartForm(request.POST)
        _must(request, "markets.add_market")
        if form.is_valid():
            try:
                market = copy_market(source=form.cleaned_data["source"], new=form.new_market())
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                return HttpResponseRedirect(reverse("admin:opening_languages", args=[market.code]))
        return self._page(request, form, status=422)

    def _page(self, request: HttpRequest, form: StartForm, *, status: int = 200) -> HttpResponse:
        _must(request, "markets.add_market")
        context = {
            "title": STEPS[0][1],
            "form": dress(form),
            "steps": steps(None, 0),
            "back_url": reverse("admin:openings"),
        }
        return screen(request, "admin/markets/step.html", status=status, **context)


class MarketOperation(OperationView):
    """An operation on the market of the address."""

    def target(self) -> models.Model:
        """The market."""
        return get_object_or_404(Market, code=self.kwargs["code"])

    def back(self, target: models.Model) -> str:
        """Its page."""
        return reverse("admin:opening_market", args=[self.kwargs["code"]])

    def page(self, target: models.Model, form: Form, *, status: int = 200) -> HttpResponse:
        """With the market's name as the reader knows it."""
        shown: Any = super().page(target, form, status=status)
        shown.context_data["target_name"] = market_called(_market(target))
        return shown  # type: ignore[no-any-return]  # the response it was


class StepView(MarketOperation):
    """One of the steps: afterwards the next one follows."""

    template_name = "admin/markets/step.html"
    step: int

    def back(self, target: models.Model) -> str:
        """The step after this one once it is done, the market's page for whoever goes back."""
        if self.request.method == "POST":
            return reverse(STEPS[self.step + 1][0], args=[self.kwargs["code"]])
        return super().back(target)

    def page(self, target: models.Model, form: Form, *, status: int = 200) -> HttpResponse:
        """With the way through the steps."""
        shown: Any = super().page(target, form, status=status)
        code = str(self.kwargs["code"])
        shown.context_data |= {
            "steps": steps(code, self.step),
            "back_url": reverse("admin:opening_market", args=[code]),
            "market": target,
        }
        return shown  # type: ignore[no-any-return]  # the response it was


def _languages(target: models.Model, answers: dict[str, Any]) -> None:
    set_market_languages(
        code=_market(target).code,
        currency=answers["currency"].code,
        languages=answers["languages"],
        default=answers["default"],
    )


def _policies(target: models.Model, answers: dict[str, Any]) -> None:
    set_market_policies(code=_market(target).code, policies=answers)


def _prices(target: models.Model, answers: dict[str, Any]) -> None:
    propose_market_prices(
        source=answers["source"], market=_market(target).code, factor=answers["factor"], on=timezone.now().date()
    )


class LanguagesView(StepView):
    """Currency and languages."""

    step = 1
    operation = Operation(
        name="languages",
        permission="markets.change_market",
        title=STEPS[1][1],
        done=gettext_lazy("Currency and languages are set."),
        form=LanguagesForm,
        act=_languages,
        initial=lambda market: {
            "currency": _market(market).currency_id,
            "default": _market(market).default_language,
            "languages": _market(market).languages,
        },
    )


class PoliciesView(StepView):
    """Seller, duty, returns, legal pages, exchange policy."""

    step = 2
    operation = Operation(
        name="policies",
        permission="markets.change_market",
        title=STEPS[2][1],
        done=gettext_lazy("The policies are set."),
        form=PoliciesForm,
        act=_policies,
        initial=lambda market: initial_policies(_market(market)),
    )


class PricesView(StepView):
    """Prices by exchange rate and factor, as a draft."""

    step = 3
    operation = Operation(
        name="prices",
        permission="catalog.change_price",
        title=STEPS[3][1],
        done=gettext_lazy("Prices are proposed on a draft list. They count once you use them."),
        form=PricesForm,
        act=_prices,
        warning=gettext_lazy(
            "Every ordinary price is converted, ended and put on the market's grid. Nobody sees them yet."
        ),
    )


class UsePricesView(MarketOperation):
    """The proposals become prices."""

    operation = Operation(
        name="use-prices",
        permission="catalog.change_price",
        title=gettext_lazy("Use the proposed prices"),
        done=gettext_lazy("The proposed prices are the market's prices now."),
        form=Form,
        act=lambda target, _answers: use_proposed_prices(market=_market(target).code),
        warning=gettext_lazy("Look through the draft list first: from now on these are the prices of the market."),
        is_costly=True,
    )


class OpenView(MarketOperation):
    """Open the market."""

    operation = Operation(
        name="open",
        permission="markets.change_market",
        title=gettext_lazy("Open the market"),
        done=gettext_lazy("The market is open."),
        form=ReasonForm,
        act=lambda target, answers: open_market(code=_market(target).code, reason=answers["reason"]),
        warning=gettext_lazy("Shoppers can buy here at once. A market below one of its bars is refused."),
        is_costly=True,
    )


class CloseView(MarketOperation):
    """Close the market."""

    operation = Operation(
        name="close",
        permission="markets.change_market",
        title=gettext_lazy("Close the market"),
        done=gettext_lazy("The market is closed. Its orders are served as before."),
        form=ReasonForm,
        act=lambda target, answers: close_market(code=_market(target).code, reason=answers["reason"]),
        warning=gettext_lazy(
            "Nobody can shop here any more. Order pages, returns, refunds and mails of its orders keep working."
        ),
        is_costly=True,
    )


def steps(code: str | None, here: int) -> list[dict[str, Any]]:
    """The way through the steps; those of a market that exists lead there."""
    return [
        {
            "title": title,
            "url": reverse(name, args=[code]) if code and place else "",
            "current": place == here,
        }
        for place, (name, title) in enumerate(STEPS)
    ]


def opening_urls(wrap: Wrap) -> list[URLPattern]:
    """Every screen; `wrap` is the site's own door."""
    one = "market-opening/<slug:code>/"
    return [
        path("market-opening/", wrap(list_of_markets), name="openings"),
        path("market-opening/new/", wrap(StartView.as_view()), name="opening_start"),
        path(one, wrap(market_page), name="opening_market"),
        path(f"{one}languages/", wrap(LanguagesView.as_view()), name="opening_languages"),
        path(f"{one}policies/", wrap(PoliciesView.as_view()), name="opening_policies"),
        path(f"{one}prices/", wrap(PricesView.as_view()), name="opening_prices"),
        path(f"{one}prices/use/", wrap(UsePricesView.as_view()), name="opening_use_prices"),
        path(f"{one}open/", wrap(OpenView.as_view()), name="opening_open"),
        path(f"{one}close/", wrap(CloseView.as_view()), name="opening_close"),
    ]


def _market(target: models.Model) -> Market:
    """The row, typed."""
    return cast(Market, target)


def _must(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
