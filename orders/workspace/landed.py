"""What an order agreed about duty, for operators: who pays, every layer, what is missing. Read off the order."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.money import Money
from orders.models import Order


@dataclass(frozen=True, kw_only=True)
class DutyFact:
    """One layer of duty on one line."""

    what: str
    label: str
    base: Money
    amount: Money


@dataclass(frozen=True, kw_only=True)
class LandedPanel:
    """Duty of an order. `later` is what the buyer was told to pay on delivery, None when it was not known."""

    payer: str
    duties: tuple[DutyFact, ...]
    later: Money | None
    missing: tuple[str, ...]
    rows: int
    """How many rows of the tables the answer rested on."""
    must_split: bool = False
    """Whether goods of two procedures were planned in a parcel in which the destination does not let them share."""


def landed_panel(order: Order, sold: Mapping[str, str]) -> LandedPanel | None:
    """The panel of an order that crosses a customs border; none for all others. `sold` names things by position."""
    told: dict[str, Any] = order.landed
    if not told.get("crosses"):
        return None
    later = told.get("payable_on_delivery")
    parts = {
        (line.position, part.position): f"{sold.get(str(line.position), line.sku)}: {part.name}"
        for line in order.lines.all()
        for part in line.parts.all()
    }
    return LandedPanel(
        payer=_payer(str(told["payer"])),
        duties=tuple(
            DutyFact(
                what=parts.get((line["line"], line.get("part", 0))) or sold.get(str(line["line"]), ""),
                label=_layer(line),
                base=_money(line["base"], order),
                amount=_money(line["amount"], order),
            )
            for line in told.get("lines", ())
        ),
        later=_money(later, order) if later is not None and told["payer"] == "buyer_later" else None,
        missing=tuple(_missing(code) for code in told.get("missing", ())),
        rows=len(told.get("rule_ids", ())),
        must_split="must_split_parcels" in told.get("explanations", ()),
    )


def _payer(payer: str) -> str:
    return {
        "buyer_now": _("The customer paid duty with the order."),
        "buyer_later": _("The customer pays duty to the carrier on delivery."),
    }.get(payer) or _("We pay duty out of the price.")


def _layer(line: Mapping[str, Any]) -> str:
    """What a layer is called: its own name, else its kind or why it is nothing."""
    if line["reason"] == "below_threshold":
        return _("No duty on an order of this value")
    kinds = {
        "mfn": pgettext("duty", "Tariff"),
        "preference": pgettext("duty", "Preference of an agreement"),
        "per_code": pgettext("duty", "Amount per goods code"),
        "surcharge": pgettext("duty", "Surcharge"),
        "antidumping": pgettext("duty", "Anti-dumping duty"),
        "import_tax": pgettext("duty", "Import tax of the simplified procedure"),
        "single_rate": pgettext("duty", "Single rate of the simplified procedure"),
    }
    kind = str(kinds.get(line["kind"], line["kind"]))
    name = str(line["name"])
    return kind if name in ("", line["kind"]) else f"{kind}: {name}"


def _missing(code: str) -> str:
    return {
        "HS_CODE_MISSING": _("A goods code is missing, so duty is not known."),
        "HS_CODE_LENGTH": _("A goods code is too short, so duty is not known."),
        "ORIGIN_MISSING": _("A country of origin is missing, so duty is not known."),
        "DUTY_RATE_NOT_FOUND": _("No tariff row is known for a goods code there, so duty is not known."),
    }.get(code, code)


def _money(amount: str, order: Order) -> Money:
    return Money(Decimal(amount), order.currency)
