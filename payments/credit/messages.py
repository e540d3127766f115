"""What is mailed about gift cards and store credit, in the language of whoever receives it.

A code is written into its message and nowhere else; the message is emptied once it was sent (`MESSAGES_NOT_KEPT`).
"""

from django.conf import settings
from django.utils import translation

from core.money import Money
from core.notifications import send
from markets.current import in_market
from markets.formatting import format_date, format_money
from markets.prefix import storefront_url
from markets.queries import market_of_record
from payments.actions.credit import Issued
from payments.credit.holders import link_token


def tell_card(issued: Issued, *, to: str, market: str, language: str, key: str, reference: str) -> None:
    """The code of a new gift card. Called in the transaction that makes the card: both are kept, or neither."""
    account = issued.account
    place = market_of_record(market, language=language)
    with translation.override(language), in_market(place):
        send(
            "gift_card",
            to=to,
            language=language,
            market=market,
            dedupe_key=f"gift_card:{key}",
            reference=reference,
            context={
                "code": issued.code,
                "amount": format_money(account.initial, place),
                "until": format_date(account.expires_on, place.language, place.home_country)
                if account.expires_on
                else "",
                "balance_url": _absolute("credit:card", market, language),
            },
        )


def tell_store_credit(*, account: int, amount: Money, to: str, market: str, language: str, key: str) -> None:
    """Store credit was given: how much, and the link at which it is seen and used."""
    place = market_of_record(market, language=language)
    with translation.override(language), in_market(place):
        send(
            "store_credit",
            to=to,
            language=language,
            market=market,
            dedupe_key=f"store_credit:{key}",
            reference=key,
            context={
                "amount": format_money(amount, place),
                "credit_url": _absolute("credit:own", market, language, token=link_token(account)),
            },
        )


def _absolute(name: str, market: str, language: str, **kwargs: str) -> str:
    return f"{settings.SHOP_URL}{storefront_url(name, market=market, language=language, kwargs=kwargs or None)}"
