"""What ways of paying are called. Brands keep their name; everything else is translated."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

OWN = frozenset({"gift_card", "store_credit", "exchange"})
"""What the shop itself owes, and takes as payment."""


def credit_label(code: str, last_four: str) -> str:
    """A gift card by the end of its code, or store credit."""
    if code == "gift_card":
        return _("Gift card ending in %(letters)s") % {"letters": last_four}
    return _("Returned goods") if code == "exchange" else _("Store credit")


def method_label(code: str, brand: str, *, is_test: bool) -> str:
    """The name of a way to pay; a test provider's say that they are tests."""
    if code in OWN:
        return {
            "gift_card": _("Gift card"),
            "store_credit": _("Store credit"),
            "exchange": _("Returned goods"),
        }[code]
    name = method_name(code, brand)
    if not is_test or code == "card":
        return name
    return _("%(method)s (test)") % {"method": name}


def method_name(code: str, brand: str) -> str:
    """A kind of payment that has a word in every language, by that word; else the brand."""
    words = {
        "card": pgettext("payment method", "Card"),
        "customer_balance": pgettext("payment method", "Bank transfer"),
        "cod": pgettext("payment method", "Cash on delivery"),
        "sepa_debit": pgettext("payment method", "SEPA Direct Debit"),
        "bacs_debit": pgettext("payment method", "Bacs Direct Debit"),
        "us_bank_account": pgettext("payment method", "ACH Direct Debit"),
        "acss_debit": pgettext("payment method", "Canadian direct debit"),
        "au_becs_debit": pgettext("payment method", "Australian direct debit"),
        "pay_by_bank": pgettext("payment method", "Pay by bank"),
        "netbanking": pgettext("payment method", "Online banking"),
        "kr_card": pgettext("payment method", "Korean card"),
    }
    return words.get(code) or short_brand(brand)


def short_brand(brand: str) -> str:
    """The brand without remarks in brackets or after a comma."""
    return brand.partition("(")[0].partition(",")[0].strip()


def method_detail(code: str, family: str, *, is_delayed: bool, is_test: bool) -> str:
    """One sentence about what happens next."""
    if is_test:
        return _("A test payment: no money moves.")
    if code == "card":
        return _("Visa, Mastercard, American Express and more")
    if is_delayed:
        return _("We send the goods as soon as the money has arrived.")
    return _("You confirm there and come back here.")
