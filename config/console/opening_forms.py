"""The questions of the steps that open a market."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from markets.models import Country, Currency, DutyMode, Language, LegalEntity, Market, MarketCountry
from markets.names import country_name
from markets.opening import NewMarket
from markets.queries import market_called


def market_choices() -> list[tuple[str, str]]:
    """Every market, open ones first."""
    rows = Market.objects.order_by("-active", "position", "code")
    return [(market.code, f"{market_called(market)} ({market.code})") for market in rows]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class StartForm(forms.Form):
    """Which market is copied, and what the new one is."""

    source = forms.ChoiceField(label=_("Copy from"), choices=market_choices)
    code = forms.SlugField(
        label=_("Code"), max_length=12, help_text=_("It stands in every address, for example at or nl.")
    )
    name = forms.CharField(label=_("Name"), max_length=80)
    countries = forms.CharField(
        label=_("Countries"), max_length=200, help_text=_("Country codes, the main one first, for example AT, LI.")
    )

    def clean_code(self) -> str:
        """A code nobody has."""
        code = str(self.cleaned_data["code"]).lower()
        if Market.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is a market with this code already."))
        if not code[0].isalpha() or len(code) < 2:
            raise forms.ValidationError(_("A code has two characters or more and begins with a letter."))
        return code

    def clean_countries(self) -> list[str]:
        """Known codes, each once."""
        asked = list(dict.fromkeys(self.cleaned_data["countries"].upper().replace(",", " ").split()))
        unknown = sorted(set(asked) - set(Country.objects.filter(code__in=asked).values_list("code", flat=True)))
        if unknown or not asked:
            raise forms.ValidationError(_("We do not know these countries: %(codes)s."), params={"codes": unknown})
        return asked

    def new_market(self) -> NewMarket:
        """What was asked for."""
        told = self.cleaned_data
        return NewMarket(code=told["code"], name=told["name"], countries=told["countries"])


def language_choices() -> list[tuple[str, str]]:
    """Every language of the storefront by its own name."""
    return list(Language.objects.filter(active=True).values_list("code", "native_name"))


class LanguagesForm(forms.Form):
    """Currency and languages."""

    currency = forms.ModelChoiceField(label=_("Currency"), queryset=Currency.objects.all())
    default = forms.ChoiceField(label=_("Default language"), choices=language_choices)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=language_choices, widget=forms.SelectMultiple(attrs={"size": 8})
    )


class PricesForm(forms.Form):
    """Which prices are converted."""

    source = forms.ChoiceField(label=_("Prices of"), choices=market_choices)
    factor = forms.DecimalField(
        label=_("Factor"),
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        max_digits=7,
        decimal_places=4,
        initial=1,
        help_text=_("Times the exchange rate and the market's mark-up; 0.9 is a tenth less."),
    )


class PoliciesForm(forms.Form):
    """Seller, duty, returns, legal pages and exchange policy."""

    seller = forms.ModelChoiceField(label=_("Seller"), queryset=LegalEntity.objects.filter(active=True))
    duty_mode = forms.ChoiceField(label=_("Duty"), choices=DutyMode.choices)
    return_days = forms.IntegerField(label=_("Return days"), min_value=0, max_value=365)
    legal_pages = forms.CharField(
        label=_("Legal pages"), widget=forms.Textarea(attrs={"rows": 6}), help_text=_("One code of a page per line.")
    )
    fx_markup_percent = forms.DecimalField(label=_("Exchange mark-up %"), max_digits=6, decimal_places=3)
    fx_max_age_days = forms.IntegerField(label=_("Oldest exchange rate in days"), min_value=0, max_value=365)
    fx_dead_band_percent = forms.DecimalField(label=_("Dead band %"), min_value=0, max_digits=6, decimal_places=3)
    fx_lock_minutes = forms.IntegerField(label=_("Exchange rate is kept for minutes"), min_value=0, max_value=10080)

    def clean_legal_pages(self) -> list[str]:
        """One per line."""
        return [line.strip() for line in self.cleaned_data["legal_pages"].splitlines() if line.strip()]


def initial_policies(market: Market) -> dict[str, Any]:
    """What the market has now."""
    names = [name for name in PoliciesForm.base_fields if name not in {"legal_pages", "seller"}]
    return {
        **{name: getattr(market, name) for name in names},
        "seller": market.seller_id,
        "legal_pages": "\n".join(market.legal_pages),
    }


def countries_of_market(market: Market) -> list[str]:
    """Names of the countries it delivers to."""
    rows = MarketCountry.objects.filter(market=market).order_by("position").values_list("country_id", flat=True)
    return [country_name(code, get_language() or "en") for code in rows]
