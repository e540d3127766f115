"""Screens around prices: why a price is what it is, the proof of a reduction, a market's rules, and figures."""

import csv
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views import View

from catalog.actions.price_policy import note_competitor_prices, note_costs, set_charm_rule, set_price_policy
from catalog.models import CompetitorPrice, PricePolicy, VariantCost
from catalog.workspace.price_reading import explain_page, proof_lines, proof_page
from catalog.workspace.price_rule_forms import CharmForm, FiguresForm, PolicyForm, Read, read_figures
from catalog.workspace.screens import go_to, must, screen
from core.errors import DomainError
from core.money import Money, format_money, round_half_up
from core.spreadsheets import guarded
from markets.charm import charm_price
from markets.models import Market
from markets.queries import charm_rule

LOOK, CHANGE, RULES = "catalog.view_price", "catalog.change_price", "catalog.change_pricepolicy"
COSTS = "catalog.view_variantcost"
EXAMPLES = ("0.40", "1.00", "4.80", "9.95", "12.34", "19.50", "47.31", "99.99", "104.20", "250.00", "4812.00")


def explain(request: HttpRequest) -> HttpResponse:
    """Every list considered for a price, and why one won."""
    must(request, LOOK)
    page = explain_page(request.GET.dict())
    return screen(request, "admin/catalog/workspace/price_explain.html", title=_("Why this price"), page=page)


def proof(request: HttpRequest) -> HttpResponse:
    """The proof of what is announced about a price; `?format=csv` as a file."""
    must(request, LOOK)
    page = proof_page(request.GET.dict())
    if request.GET.get("format") == "csv" and page.rows:
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        name = f"price-proof-{page.asked.market}-{page.asked.variant.pk if page.asked.variant else 0}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        csv.writer(response).writerows([[guarded(str(cell)) for cell in line] for line in proof_lines(page)])
        return response
    return screen(request, "admin/catalog/workspace/price_proof.html", title=_("Proof of reductions"), page=page)


def rules(request: HttpRequest) -> HttpResponse:
    """The price rules of all markets."""
    must(request, LOOK)
    policies = {row.market_id: row for row in PricePolicy.objects.all()}
    rows = [
        (market, charm_rule(market), policies.get(market.pk) or PricePolicy(market=market))
        for market in Market.objects.order_by("-active", "position", "pk")
    ]
    return screen(request, "admin/catalog/workspace/price_rules.html", title=_("Price rules"), rows=rows)


class RuleView(View):
    """The price rules of one market."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Both forms, with an example table."""
        must(request, LOOK)
        market = get_object_or_404(Market, code=code)
        rule = charm_rule(market)
        tried = request.GET if "ending" in request.GET else None
        first = {
            "ending": rule.ending,
            "step": rule.step,
            "mode": rule.mode,
            "increment": f"{rule.increment.normalize():f}",
        }
        return self.page(request, market, CharmForm(tried) if tried else CharmForm(initial=first), _policy_form(market))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Save one of them."""
        must(request, LOOK, RULES)
        market = get_object_or_404(Market, code=code)
        is_charm = request.POST.get("deed") == "charm"
        charm = CharmForm(request.POST if is_charm else None)
        policy = _policy_form(market, None if is_charm else request.POST)
        form = charm if is_charm else policy
        if form.is_valid():
            try:
                if is_charm:
                    set_charm_rule(market_code=code, rule=charm.rule())
                else:
                    set_price_policy(market_code=code, policy=policy.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The price rules are saved. Prices that stand are not touched."))
                return go_to(reverse("admin:catalog_price_rule", args=[code]))
        return self.page(request, market, charm, policy, status=422)

    @staticmethod
    def page(
        request: HttpRequest, market: Market, charm: CharmForm, policy: PolicyForm, *, status: int = 200
    ) -> HttpResponse:
        """The page around both; examples follow what is typed."""
        rule = charm.rule() if charm.is_bound and charm.is_valid() else charm_rule(market)
        language = get_language() or "en"
        examples = []
        for text in EXAMPLES:
            amount = round_half_up(Decimal(text) * _size(market), market.currency_id)
            ended = round_half_up(charm_price(amount.amount, rule), market.currency_id)
            examples.append(tuple(format_money(each, language) for each in (amount, ended, ended - amount)))
        return screen(
            request,
            "admin/catalog/workspace/price_rule.html",
            status=status,
            title=_("Price rules"),
            market=market,
            charm=charm,
            policy=policy,
            examples=examples,
            may_change=request.user.has_perm(RULES),
        )


class FiguresView(View):
    """Costs and competitors' prices from a file."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form and what is known."""
        must(request, COSTS)
        return self.page(request, FiguresForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read and write down; with any line that cannot be read nothing is written."""
        must(request, COSTS, CHANGE)
        form = FiguresForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(request, form, status=422)
        found = read_figures(form.cleaned_data["kind"], form.cleaned_data["words"])
        if found.problems:
            return self.page(request, form, found, status=422)
        source = getattr(form.cleaned_data.get("file"), "name", "") or ""
        count = (
            note_costs(notes=found.costs, source=source)
            if form.cleaned_data["kind"] == "costs"
            else note_competitor_prices(notes=found.competitors, source=source)
        )
        told = ngettext("%(count)d figure was written down.", "%(count)d figures were written down.", count)
        messages.success(request, told % {"count": count})
        return go_to(reverse("admin:catalog_price_figures"))

    @staticmethod
    def page(request: HttpRequest, form: FiguresForm, found: Read | None = None, *, status: int = 200) -> HttpResponse:
        """The page around it."""
        language = get_language() or "en"
        latest: Any = CompetitorPrice.objects.select_related("variant", "market")[:20]
        costs: Any = VariantCost.objects.select_related("variant").order_by("-noted_at")[:20]
        return screen(
            request,
            "admin/catalog/workspace/price_figures.html",
            status=status,
            title=_("Costs and competitors"),
            form=form,
            found=found,
            latest=[(row, format_money(row.amount, language)) for row in latest],
            costs=[(row, format_money(row.amount, language)) for row in costs],
            may_change=request.user.has_perm(CHANGE),
        )


def _policy_form(market: Market, posted: Any = None) -> PolicyForm:
    row = PricePolicy.objects.filter(market=market).first() or PricePolicy(market=market)
    return PolicyForm(posted, instance=row, prefix="p")


def _size(market: Market) -> Decimal:
    """What makes the examples ordinary prices of the currency: yen and won have no small ones."""
    zero = Money(1, market.currency_id)
    return Decimal(100) if market.currency.exponent == 0 else Decimal(zero.amount)
