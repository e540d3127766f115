"""What the quote says in words, in the language that is active."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cart.border import Border
from cart.snapshot import Snapshot
from cart.types import CartProblem, Quote, QuoteTaxLine, TaxRow, TicketRow
from catalog.measures import weight_text
from core.money import Money, sum_money, to_minor
from markets.duty.errors import BorderFactMissing
from markets.formatting import format_date, format_money
from markets.names import country_name
from markets.tax.labels import tax_label
from markets.tax.untaxed import no_tax_sentence
from markets.types import MarketContext

NO_RATE = Decimal(0)
NO_DELIVERY, TOO_HEAVY = "NO_DELIVERY", "TOO_HEAVY"


def price_changed(line_id: int, *, before: Money, now: Money, market: MarketContext) -> CartProblem:
    """The price is another than when the item was put into the cart."""
    facts = {"before": format_money(before, market), "now": format_money(now, market)}
    return CartProblem(
        code="PRICE_CHANGED",
        message=_("The price changed from %(before)s to %(now)s since you added this item.") % facts,
        line_id=line_id,
        facts=(("before", str(before.amount)), ("now", str(now.amount))),
    )


def no_delivery(snapshot: Snapshot) -> CartProblem:
    """Nothing reaches the destination, or nothing that heavy does."""
    weight, limit = snapshot.weight_g, snapshot.delivery_limit_g
    if 0 < limit < weight:
        facts = {
            "weight": weight_text(weight),
            "limit": weight_text(limit),
            "country": country_name(snapshot.country, snapshot.market.language),
        }
        return CartProblem(
            code=TOO_HEAVY,
            message=_(
                "Your order weighs %(weight)s. To %(country)s we send at most %(limit)s in one order. "
                "Take something out, or order in two parts."
            )
            % facts,
            blocking=True,
            facts=(("weight_g", str(weight)), ("limit_g", str(limit))),
        )
    return CartProblem(
        code=NO_DELIVERY,
        message=_("We have no delivery method for this address yet. Choose another country or write to us."),
        blocking=True,
    )


def delivery_problem(quote: Quote) -> str:
    """Why nothing delivers this order, in words; empty when something does or nothing has to be sent."""
    return next((one.message for one in quote.problems if one.code in (NO_DELIVERY, TOO_HEAVY)), "")


def origin_of(key: str, snapshot: Snapshot) -> str:
    """From which town most of a line leaves."""
    places = [(item.quantity, parcel.city) for parcel in snapshot.parcels for item in parcel.items if item.key == key]
    return max(places)[1] if places else ""


def tax_rows(lines: Sequence[QuoteTaxLine], language: str) -> tuple[TaxRow, ...]:
    """The tax lines of one place, rate and reason added up and named; rows without any tax stay and say why."""
    groups: dict[tuple[str, str, Decimal, str, bool], list[QuoteTaxLine]] = {}
    for line in lines:
        groups.setdefault((line.label, line.place, line.rate, line.reason, line.included), []).append(line)
    return tuple(
        TaxRow(
            label=tax_label(label=label, rate=rate, place=place, reason=reason, included=included, language=language),
            rate=rate,
            base=sum_money((line.base for line in found), found[0].base.currency.code),
            amount=sum_money((line.amount for line in found), found[0].base.currency.code),
            included=included,
            reason=reason,
        )
        for (label, place, rate, reason, included), found in groups.items()
    )


def explanations(quote: Quote, market: MarketContext) -> tuple[str, ...]:
    """What would make the total smaller, for the shopper."""
    free = quote.free_delivery
    if free is None or free.reached:
        return ()
    return (_("%(amount)s more for free delivery.") % {"amount": format_money(free.missing, market)},)


def parcel_sentence(quote: Quote) -> str:
    """How many parcels, when there are several."""
    count = len(quote.parcels)
    if count < 2:
        return ""
    towns = ", ".join(parcel.city for parcel in quote.parcels)
    return ngettext(
        "%(count)d parcel, from %(towns)s. You pay delivery once.",
        "%(count)d parcels, from %(towns)s. You pay delivery once.",
        count,
    ) % {"count": count, "towns": towns}


def ahead_sentence(quote: Quote, market: MarketContext) -> str:
    """What a pre-sale in the cart means; empty when there is none."""
    days = [line.releases_on for line in quote.lines if line.releases_on is not None and line.quantity]
    if not days:
        return ""
    facts = {"day": format_date(max(days), market.language, market.home_country)}
    if len(days) == len([line for line in quote.lines if line.requires_shipping and line.quantity]):
        return _("This is a pre-sale. We send it from %(day)s. You pay now.") % facts
    return (
        _(
            "Part of your order is a pre-sale that we send from %(day)s. The rest leaves before that, and you pay for "
            "delivery once. You pay for everything now."
        )
        % facts
    )


def tax_sentence(quote: Quote, market: MarketContext) -> str:
    """Whether tax is in the total, and how much."""
    if not quote.tax_lines:
        return ""
    if not to_minor(quote.tax_total):
        why = no_tax_sentence(((line.reason, line.rule_id) for line in quote.tax_lines), market.language)
        if why is not None:
            return why
    amount = {"amount": format_money(quote.tax_total, market)}
    if quote.tax_included:
        return _("The total includes %(amount)s of tax.") % amount
    return _("The total contains %(amount)s of tax that is added to the prices.") % amount


def duty_sentence(*, duty_mode: str, payer: str, crosses: bool, later: Money | None, market: MarketContext) -> str:
    """Who pays import duty, and what it will be, or that nobody knows; empty where no border is crossed."""
    if not crosses:
        return ""
    if duty_mode == "ddp":
        return _("Import duty is included and we file the customs papers. Nothing to pay on delivery.")
    if payer == "buyer_now":
        return _("Import duty and clearance are paid with this order. Nothing to pay on delivery.")
    if payer == "buyer_later" and later is not None:
        if not to_minor(later):
            return _("No import duty or import tax is expected for this order.")
        return _(
            "The carrier collects import duty and import tax of about %(amount)s on delivery. The total does not "
            "include them."
        ) % {"amount": format_money(later, market)}
    if payer == "buyer_later":
        told = _("Import duty and import tax are not included: the carrier collects them on delivery.")
        return f"{told} {BorderFactMissing()}"
    return ""


def duty_sentence_of(quote: Quote, market: MarketContext) -> str:
    """The same for a quote."""
    border = quote.border
    told = duty_sentence(
        duty_mode=quote.duty_mode,
        payer=border.payer,
        crosses=border.crosses,
        later=border.payable_on_delivery,
        market=market,
    )
    if not border.is_fallback:
        return told
    why = _("Import duty cannot be paid in advance for this order.")
    return f"{why} {told}"


def charged_rows(border: Border) -> tuple[TicketRow, ...]:
    """Duty and fees that are paid with the order, each in its own row."""
    rows = []
    if to_minor(border.charged_duty):
        rows.append(TicketRow(label=_("Import duty"), amount=border.charged_duty))
    if to_minor(border.charged_fees):
        rows.append(TicketRow(label=_("Customs clearance"), amount=border.charged_fees))
    return tuple(rows)


def later_rows(border: Border) -> tuple[TicketRow, ...]:
    """What is paid on delivery, as an estimate outside of the total; empty when nothing is or nobody knows."""
    if not border.is_paid_later or border.payable_on_delivery is None:
        return ()
    parts = (
        (_("Import duty"), border.duty),
        (_("Import tax"), border.import_tax),
        (_("Customs clearance"), border.fees),
    )
    rows = [TicketRow(label=label, amount=amount) for label, amount in parts if to_minor(amount)]
    total = TicketRow(label=_("Payable on delivery (estimate)"), amount=border.payable_on_delivery, kind="total")
    return (*rows, total) if rows else ()
