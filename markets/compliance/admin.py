"""Rules in the admin: edited with a check of what they say, and tried out on a purchase somebody describes."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.admin import dress
from markets.compliance.conditions import problems_of_condition, words_of
from markets.compliance.demands import demands_of, explained, problems_of_rule
from markets.compliance.matching import match_rules
from markets.compliance.reading import rules_on, valued
from markets.compliance.types import Goods, Match, Purchase
from markets.compliance.words import why_words
from markets.models import ComplianceAction, ComplianceRule, Country, Currency, Market
from markets.names import country_name
from markets.queries import market_called

WORDS = forms.TextInput(attrs={"autocomplete": "off"})


class RuleForm(forms.ModelForm[ComplianceRule]):
    """A rule whose condition can be matched and whose action has what it needs."""

    class Meta:
        model = ComplianceRule
        fields = (
            *("code", "active", "priority", "market", "country", "condition", "action", "parameters", "explanation"),
            *("effective_from", "effective_to", "verification", "sources", "note", "reviewed_on"),
        )

    def clean_condition(self) -> dict[str, Any]:
        """Known parts only."""
        return _checked(self.cleaned_data.get("condition"), problems_of_condition)

    def clean(self) -> dict[str, Any]:
        """With the parameters of the action."""
        found = super().clean() or {}
        action = found.get("action", "")
        try:
            found["parameters"] = _checked(found.get("parameters"), lambda told: problems_of_rule(action, told))
        except forms.ValidationError as trouble:
            self.add_error("parameters", trouble)
        return found


class CalledMarket(forms.ModelChoiceField[Market]):
    """A market by the reader's name for it, with its code."""

    def label_from_instance(self, row: Market) -> str:
        """As in lists of markets."""
        return f"{market_called(row)} ({row.code})"


class CalledCountry(forms.ModelChoiceField[Country]):
    """A country by the reader's name for it, with its code."""

    def label_from_instance(self, row: Country) -> str:
        """As in lists of countries."""
        return f"{country_name(row.code, get_language() or 'en')} ({row.code})"


class TryForm(forms.Form):
    """A purchase in words."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    market = CalledMarket(label=_("Market"), queryset=Market.objects.all(), to_field_name="code")
    country = CalledCountry(label=_("Country"), queryset=Country.objects.all())
    region = forms.CharField(label=_("State or province"), required=False, widget=WORDS)
    buyer = forms.ChoiceField(label=_("Buyer"), choices=[("consumer", _("consumer")), ("business", _("business"))])
    payment = forms.CharField(label=_("Payment method"), required=False, widget=WORDS)
    abroad = forms.BooleanField(label=_("The goods cross a customs border"), required=False)
    value = forms.DecimalField(label=_("Worth of the goods"), min_value=0, initial=Decimal(100))
    currency = forms.ModelChoiceField(label=_("Currency"), queryset=Currency.objects.all())
    hs_code = forms.CharField(label=_("Goods code"), required=False, max_length=13, widget=WORDS)
    flags = forms.CharField(label=_("Flags of the goods"), required=False, widget=WORDS)
    categories = forms.CharField(label=_("Codes of categories"), required=False, widget=WORDS)
    kind = forms.CharField(label=_("Kind of product"), required=False, widget=WORDS)

    def purchase(self) -> Purchase:
        """What was described, with its one line of goods."""
        told = self.cleaned_data
        country: Country = told["country"]
        goods = Goods(
            key="goods",
            hs_code=told["hs_code"],
            flags=_set(told["flags"]),
            categories=_set(told["categories"]),
            kind=told["kind"],
            value=told["value"],
        )
        return Purchase(
            market=told["market"].code,
            country=country.code,
            region=told["region"],
            buyer=told["buyer"],
            payment=told["payment"],
            crosses_border=told["abroad"],
            in_eu=country.in_eu_vat_area,
            goods=(goods,),
        )


def try_rules(request: HttpRequest) -> HttpResponse:
    """Which rules fit a purchase, why, and which of them have an effect. Nothing is changed."""
    if not request.user.has_perm("markets.view_compliancerule"):
        raise PermissionDenied
    form = TryForm(request.GET or None, initial={"day": timezone.now().date(), "currency": "EUR", "buyer": "consumer"})
    tried: list[tuple[Match, str, str]] | None = None
    if request.GET and form.is_valid():
        purchase, day = form.purchase(), form.cleaned_data["day"]
        rules = rules_on(day)
        currency = form.cleaned_data["currency"].code
        found = demands_of(match_rules(rules, valued(purchase, rules, currency=currency, day=day)))
        tried = [(match, why_words(match.why), _told(match)) for match in found.matches]
    context = {
        **admin.site.each_context(request),
        "title": _("Try the rules"),
        "form": dress(form),
        "tried": tried,
        "actions": dict(ComplianceAction.choices),
    }
    return TemplateResponse(request, "admin/markets/try_rules.html", context, status=422 if form.errors else 200)


def _told(match: Match) -> str:
    """What the rule is for, in the reader's language."""
    return explained(match.rule.explanation, match.rule.parameters, get_language() or "en")


def condition_words(rule: ComplianceRule) -> str:
    """The condition in a line."""
    return "; ".join(words_of(rule.condition)) or "–"


def rule_urls(site: admin.AdminSite) -> list[URLPattern]:
    """Trying out, before the rows' own addresses."""
    return [path("try/", site.admin_view(try_rules), name="markets_compliancerule_try")]


def _checked(told: object, problems: Any) -> dict[str, Any]:
    """A JSON object without problems. Raises `ValidationError` with all of them."""
    if told in (None, ""):
        told = {}
    if not isinstance(told, dict):
        raise forms.ValidationError(_("Write an object, for example {}."))
    found = problems(told)
    if found:
        raise forms.ValidationError(found)
    return told


def _set(written: str) -> frozenset[str]:
    return frozenset(written.replace(",", " ").split())
