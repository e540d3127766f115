"""What payments know of a market's readiness: ways to pay that some provider can take now."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import Money
from markets.models import Market
from markets.queries import offered_methods
from markets.readiness import Area, Lack, Measure, register
from markets.readiness.measures import of_lacks
from payments.providers.protocol import ProviderOffer
from payments.providers.registry import enabled_providers

USUAL_AMOUNT = 100
AT_LEAST_ONE = 1


def payable(market: Market) -> Measure:
    """Of the methods the market offers, those that a switched-on provider takes. One is enough to open."""
    providers = enabled_providers().values()
    amount = Money(USUAL_AMOUNT, market.currency_id)
    url = reverse("admin:markets_market_change", args=[market.pk])
    methods = offered_methods(market.code)
    if not methods:
        return of_lacks([Lack(sentence=_("The market offers no way to pay."), url=url)], total=1)
    missing = [
        Lack(sentence=_("No provider takes %(method)s here.") % {"method": method.brand}, url=url)
        for method in methods
        if not any(_can_be_paid(provider.offer, method.code, amount, market.code) for provider in providers)
    ]
    return of_lacks(missing, total=len(methods))


def _can_be_paid(offer: ProviderOffer, method: str, amount: Money, market: str) -> bool:
    return offer.takes(method, amount) and offer.serves(method, market)


register(Area(code="payment", title=gettext_lazy("Payment methods"), bar=AT_LEAST_ONE, position=80, measure=payable))
