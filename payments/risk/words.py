"""The rules, their reasons and outcomes as sentences for operators. Shoppers never read them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from payments.models import RiskOutcome
from payments.risk.rules import CODES


def rule_title(code: str) -> str:
    """What a rule is called on its screen."""
    return {
        "failed_visitor": _("Failed attempts of one connection in a day"),
        "failed_account": _("Failed attempts of one member or email in a day"),
        "failed_card": _("Failed attempts with the same card in a day"),
        "failed_address": _("Failed attempts for one delivery address in a day"),
        "cards_of_visitor": _("Different cards of one person in a day"),
        "gift_cards": _("Gift cards ordered by one member or email in a day"),
        "bill_country": _("Billing and delivery in different countries"),
        "card_country": _("A card of another country"),
        "ip_country": _("A connection from another country"),
        "disposable": _("A mailbox that is thrown away"),
        "first_high": _("A first order worth more than usual (in percent of the usual order)"),
        "people_at_address": _("Several people at one address in 90 days"),
        "provider_unprotected": _("Not protected by the provider"),
        "provider_elevated": _("The provider sees an elevated risk"),
        "provider_highest": _("The provider sees the highest risk"),
    }[code]


def reason(code: str, value: int) -> str:
    """Why a rule counted, with what was measured. A rule of the past is named by its code."""
    if code not in CODES:
        return code
    counted = _counted(code, value)
    return counted or _plain(code, value)


def _counted(code: str, value: int) -> str:
    sentences = {
        "failed_visitor": ngettext(
            "%(n)d attempt from this connection failed within a day.",
            "%(n)d attempts from this connection failed within a day.",
            value,
        ),
        "failed_account": ngettext(
            "%(n)d attempt of this person failed within a day.",
            "%(n)d attempts of this person failed within a day.",
            value,
        ),
        "failed_card": ngettext(
            "%(n)d attempt with this card failed within a day.",
            "%(n)d attempts with this card failed within a day.",
            value,
        ),
        "failed_address": ngettext(
            "%(n)d attempt for this delivery address failed within a day.",
            "%(n)d attempts for this delivery address failed within a day.",
            value,
        ),
        "cards_of_visitor": ngettext(
            "%(n)d card was used by this person within a day.",
            "%(n)d different cards were used by this person within a day.",
            value,
        ),
        "gift_cards": ngettext(
            "%(n)d gift card was ordered by this person within a day.",
            "%(n)d gift cards were ordered by this person within a day.",
            value,
        ),
        "people_at_address": ngettext(
            "%(n)d person had something sent to this address within 90 days.",
            "%(n)d people had something sent to this address within 90 days.",
            value,
        ),
    }
    return sentences[code] % {"n": value} if code in sentences else ""


def _plain(code: str, value: int) -> str:
    return {
        "bill_country": _("The billing address is in another country than the delivery address."),
        "card_country": _("The card was issued in a country that is neither the billing nor the delivery country."),
        "ip_country": _("The connection came from a country that is neither the billing nor the delivery country."),
        "disposable": _("The email address is of a kind that is thrown away after one message."),
        "first_high": _("It is a first order, worth %(percent)d%% of what orders usually are.") % {"percent": value},
        "provider_unprotected": _("The provider does not protect the shop for this payment."),
        "provider_elevated": _("The provider sees an elevated risk."),
        "provider_highest": _("The provider sees the highest risk."),
    }[code]


def outcome_label(outcome: str) -> str:
    """What was done."""
    return str(RiskOutcome(outcome).label)
