"""`manage.py explain_price SKU --market de --audience gold --quantity 3 --at DATE`: every list, and why one won."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from catalog.models import Variant
from catalog.prices.explanation import Considered, Explanation, explanation_of
from core.money import Money
from markets.models import Market


class Command(BaseCommand):
    help = "Says which price applies and why: every list of the market in order, with what made it win or lose."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is asked."""
        parser.add_argument("sku")
        parser.add_argument("--market", required=True)
        parser.add_argument("--audience", action="append", default=[], help="May be given more than once.")
        parser.add_argument("--quantity", type=int, default=1)
        parser.add_argument("--at", help="A day (its noon) or a moment; now when not given.")
        parser.add_argument("--json", action="store_true", help="For programs.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look it up and print it."""
        variant = Variant.objects.filter(sku=options["sku"]).order_by("pk").first()
        if variant is None:
            raise CommandError(f"No variant has the SKU {options['sku']}.")
        if options["quantity"] < 1:
            raise CommandError("A quantity is one or more.")
        try:
            found = explanation_of(
                market_code=options["market"],
                variant_id=variant.pk,
                sku=variant.sku,
                quantity=options["quantity"],
                audiences=options["audience"],
                at=_moment(options["at"]),
            )
        except Market.DoesNotExist:
            raise CommandError(f"There is no market {options['market']}.") from None
        self.stdout.write(as_json(found) if options["json"] else "\n".join(lines_of(found)))


def as_json(found: Explanation) -> str:
    """The whole explanation; amounts as text with their currency, moments in ISO."""

    def plain(value: Any) -> Any:
        if isinstance(value, Money):
            return {"amount": str(value.amount), "currency": value.currency.code}
        return value.isoformat() if isinstance(value, datetime) else value

    def flat(rows: list[tuple[str, Any]]) -> dict[str, Any]:
        return {name: plain(value) for name, value in rows}

    return json.dumps(asdict(found, dict_factory=flat), indent=2, ensure_ascii=False)


def lines_of(found: Explanation) -> list[str]:
    """The explanation as text for a terminal."""
    head = f"{found.sku} in {found.market} ({found.currency}), {found.quantity} pieces, {', '.join(found.audiences)}"
    lines = [
        f"{head}, at {found.at.isoformat(timespec='minutes')}",
        f"Prices are entered {found.price_entry}; tax mode {found.tax_mode}.",
        f"Price: {found.amount if found.amount is not None else 'none: not sold here'}",
        "",
        *(line for one in found.considered for line in _considered(one)),
        "",
        f"Everybody was shown: {found.shown_then if found.shown_then is not None else 'nothing'}",
    ]
    if found.reduction_began is not None:
        lines.append(f"Reduced since {found.reduction_began.isoformat(timespec='minutes')}")
        lines.append(f"Lowest price before: {found.prior_low if found.prior_low is not None else 'none on record'}")
    lines.append(f"Badge: {f'-{found.percent}%' if found.percent else 'none'}")
    return lines


def _considered(one: Considered) -> list[str]:
    amount = one.amount if one.amount is not None else "-"
    begins, ends = (edge.isoformat(timespec="minutes") if edge else "" for edge in (one.begins, one.ends))
    window = f", {begins} to {ends}" if one.begins or one.ends else ""
    tier = f" from {one.min_qty}" if one.min_qty else ""
    lines = [
        f"{'*' if one.won else ' '} {one.code} [{one.kind}] {amount}{tier}"
        f" ({one.audience}, priority {one.priority}{window}): {one.reason}"
    ]
    if one.parent:
        how = "derived" if one.is_derived else "overridden"
        rule = one.charm_rule
        ending = f", ending {rule.get('ending')} step {rule.get('step')} {rule.get('mode')}" if rule else ""
        lines.append(f"    {how} from {one.parent} {one.parent_amount or '-'} {one.factor}{ending}")
    return lines


def _moment(text: str | None) -> datetime | None:
    """The moment that was asked for. Raises `CommandError`."""
    if not text:
        return None
    try:
        moment = parse_datetime(text) if len(text) > 10 else None
        day = parse_date(text) if moment is None else None
    except ValueError as trouble:
        raise CommandError(str(trouble)) from trouble
    if moment is None and day is None:
        raise CommandError(f"{text} is neither a day nor a moment.")
    if moment is None and day is not None:
        moment = datetime.combine(day, time(12))
    return moment if moment is None or timezone.is_aware(moment) else timezone.make_aware(moment)
