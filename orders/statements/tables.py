"""Every statement as a table of words and amounts, for the screen and for files alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core.money import Money
from markets.models.sellers import Scheme
from orders.statements.movements import agreement_of, fees_of, liabilities_of, refunds_of
from orders.statements.sales import sales_of, taxes_of
from orders.statements.types import By, Chosen, RefundRow, TaxRow

Cell = str | int | Decimal | date | Money
REASONS: Mapping[str, str | Promise] = {
    "standard": pgettext_lazy("tax", "Standard rate"),
    "reduced": pgettext_lazy("tax", "Reduced rate"),
    "zero": pgettext_lazy("tax", "Zero rate"),
    "reverse_charge": pgettext_lazy("tax", "The buyer owes it (reverse charge)"),
    "exempt": pgettext_lazy("tax", "Exempt"),
    "export": pgettext_lazy("tax", "Export"),
    "voucher": pgettext_lazy("tax", "Voucher"),
    "on_delivery": pgettext_lazy("tax", "Due on delivery"),
    "below_threshold": pgettext_lazy("tax", "Below the threshold"),
    "not_registered": pgettext_lazy("tax", "Not registered"),
    "no_import_tax": pgettext_lazy("tax", "No import tax"),
}
LIABILITY_NAMES: Mapping[str, str | Promise] = {
    "gift_card_liability": gettext_lazy("Gift cards"),
    "store_credit_liability": gettext_lazy("Store credit"),
}
DOCUMENTS, REFUNDS, DIFFERENCES = "statement_documents", "statement_refunds", "statement_differences"
"""Names of the pages that lie behind rows."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """`links` holds the address parameters of each row, empty where nothing lies behind it; `behind` names the page
    they lead to."""

    code: str
    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    links: tuple[Mapping[str, str], ...] = ()
    behind: str = ""

    @property
    def linked(self) -> tuple[tuple[tuple[Cell, ...], Mapping[str, str]], ...]:
        """Each row with where it leads to."""
        links = self.links or ({},) * len(self.rows)
        return tuple(zip(self.rows, links, strict=True))


def kind_of(cell: Cell) -> str:
    """How a page writes a cell: `money`, `number`, `day` or `text`."""
    if isinstance(cell, Money):
        return "money"
    if isinstance(cell, int | Decimal):
        return "number"
    return "day" if isinstance(cell, date) else "text"


def sales_table(chosen: Chosen) -> Table:
    """What was invoiced and credited, per market and currency."""
    found = sales_of(chosen)
    return Table(
        code="sales",
        title=_("Sales"),
        about=_("Invoices less credit notes, by the date on the document."),
        columns=(
            _("Market"),
            _("Currency"),
            _("Invoices"),
            _("Invoiced"),
            _("Credit notes"),
            _("Credited"),
            pgettext("amount", "Net"),
            _("Tax"),
            pgettext("amount", "Gross"),
        ),
        rows=tuple(
            (
                one.market.upper(),
                one.currency,
                one.invoices,
                one.invoiced,
                one.credit_notes,
                one.credited,
                one.net,
                one.tax,
                one.gross,
            )
            for one in found
        ),
        links=tuple({"market": one.market, "currency": one.currency} for one in found),
        behind=DOCUMENTS,
    )


def taxes_table(chosen: Chosen) -> Table:
    """Tax per country, place, rate and reason."""
    found, schemes = taxes_of(chosen), {code: str(words) for code, words in Scheme.choices}
    return Table(
        code="taxes",
        title=_("Tax by country and rate"),
        about=_("As the documents tell it, credit notes taken off."),
        columns=(
            _("Country"),
            pgettext("tax", "Place"),
            _("Rate in percent"),
            _("Reason"),
            _("Scheme"),
            _("Currency"),
            _("Documents"),
            pgettext("amount", "Net"),
            _("Tax"),
            pgettext("amount", "Gross"),
        ),
        rows=tuple(
            (
                one.country,
                one.place,
                percent(one.rate),
                str(REASONS.get(one.reason, one.reason)),
                schemes.get(one.scheme, one.scheme),
                one.currency,
                one.documents,
                one.net,
                one.tax,
                one.gross,
            )
            for one in found
        ),
        links=tuple(_tax_link(one) for one in found),
        behind=DOCUMENTS,
    )


def fees_table(chosen: Chosen) -> Table:
    """What payment providers kept."""
    return Table(
        code="fees",
        title=_("Payment fees"),
        about=_("As booked in the ledger, by days of UTC. Fees belong to the whole shop, not to a market."),
        columns=(_("Provider"), _("Currency"), _("Bookings"), _("Amount")),
        rows=tuple((one.provider, one.currency, one.bookings, one.amount) for one in fees_of(chosen)),
    )


def refunds_table(chosen: Chosen) -> Table:
    """Refunds by the day they went back."""
    about = _("By the day the money went back. Excess was never due, such as money that was paid twice.")
    return _refunds("refunds", _("Refunds by date of refund"), about, "refund", refunds_of(chosen, by="refund"))


def refunds_by_order_table(chosen: Chosen) -> Table:
    """The same refunds by the day their orders were placed."""
    about = _("The same refunds by the day on which their orders were placed.")
    return _refunds("refunds-by-order", _("Refunds by date of order"), about, "order", refunds_of(chosen, by="order"))


def liabilities_table(chosen: Chosen) -> Table:
    """What is owed on gift cards and store credit."""
    return Table(
        code="credit",
        title=_("Gift cards and store credit"),
        about=_("What the shop owes its customers, by days of UTC, of the whole shop."),
        columns=(
            _("Account"),
            _("Currency"),
            _("At the beginning"),
            _("Added"),
            _("Spent"),
            _("Expired or cancelled"),
            _("At the end"),
        ),
        rows=tuple(
            (
                str(LIABILITY_NAMES[one.code]),
                one.currency,
                one.opening,
                one.added,
                one.spent,
                one.ended,
                one.closing,
            )
            for one in liabilities_of(chosen)
        ),
    )


def agreement_table(chosen: Chosen) -> Table:
    """Documents beside the ledger."""
    found = agreement_of(chosen)
    return Table(
        code="agreement",
        title=_("Documents and ledger"),
        about=_("A difference is money that is not documented yet, that is in doubt, or that moved on another day."),
        columns=(_("Currency"), _("Documents"), _("Received"), _("Refunded"), _("Difference")),
        rows=tuple((one.currency, one.documented, one.received, one.refunded, one.difference) for one in found),
        links=tuple({"currency": one.currency} for one in found),
        behind=DIFFERENCES,
    )


TABLES: Mapping[str, Callable[[Chosen], Table]] = {
    "sales": sales_table,
    "taxes": taxes_table,
    "fees": fees_table,
    "refunds": refunds_table,
    "refunds-by-order": refunds_by_order_table,
    "credit": liabilities_table,
    "agreement": agreement_table,
}


def percent(rate: Decimal) -> Decimal:
    """A part of one in percent, without needless noughts."""
    return Decimal(f"{(rate * 100).normalize():f}")


def _tax_link(one: TaxRow) -> Mapping[str, str]:
    """What names the row to the list of its documents, as documents write it."""
    return {
        "place": one.place,
        "rate": f"{one.rate.normalize():f}",
        "reason": one.reason,
        "scheme": one.scheme,
        "currency": one.currency,
    }


def _refunds(code: str, title: str, about: str, by: By, found: Sequence[RefundRow]) -> Table:
    return Table(
        code=code,
        title=title,
        about=about,
        columns=(
            _("Day"),
            _("Currency"),
            _("Refunds"),
            _("Amount"),
            _("Of it to store credit"),
            _("Of it excess"),
        ),
        rows=tuple((one.day, one.currency, one.refunds, one.amount, one.to_credit, one.excess) for one in found),
        links=tuple({"by": by, "day": one.day.isoformat(), "currency": one.currency} for one in found),
        behind=REFUNDS,
    )
