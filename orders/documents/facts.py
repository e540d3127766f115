"""What a document says: everything of the order that it needs, read in one transaction and kept with it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from core.errors import DomainError
from core.money import to_minor
from markets.exchange import convert
from markets.fx import rate_on
from markets.models import InvoiceRequirement
from markets.queries import country_of, market_of_record
from markets.tax.untaxed import untaxed_sentence
from orders.documents import amounts
from orders.documents.amounts import Cell
from orders.documents.parties import buyer_json, seller_fact, seller_json, seller_of, wants_electronic
from orders.documents.refusals import DocumentRefused
from orders.documents.rules import (
    LETTER,
    Requirement,
    TaxFact,
    charged_country,
    demanded_language,
    is_taxed_in,
    missing_facts,
    title_key,
    unmet_fields,
)
from orders.models import Order, OrderLine, OrderTaxLine

UNKNOWN = Requirement(fields=frozenset({"vat_number"}))
"""What is asked where the table is silent: whoever charges tax says under which number."""
SHIPPING, FEE = "shipping", "fee"


def invoice_facts(order: Order) -> dict[str, Any]:
    """Everything the invoice of a paid order says. Raises `DocumentRefused`."""
    today = local_day(order)
    taxes = list(order.tax_lines.select_related("part").order_by("pk"))
    lines = list(order.lines.prefetch_related("parts"))
    groups, cells = _cells(taxes)
    _must_add_up(order, lines, cells)
    seller = seller_of(order)
    fact = seller_fact(seller, today)
    told = [
        TaxFact(place=group["place"], reason=group["reason"], scheme=group["scheme"], amount=tax)
        for group, (_net, tax) in zip(groups, _sums(groups, cells), strict=True)
    ]
    country = charged_country(told, fact.country)
    requirement = requirement_of(country, today)
    if missing := missing_facts(fact, country, requirement, told):
        raise DocumentRefused(*missing)
    is_taxed = is_taxed_in(country, told)
    sold_by, buyer = seller_json(seller, fact, country), buyer_json(order)
    return {
        "version": 1,
        "order": order.number,
        "currency": order.currency,
        "price_mode": order.price_mode,
        "ordered_on": _day(order, order.placed_at),
        "paid_on": _day(order, order.paid_at or timezone.now()),
        "supply": _supply(order),
        "ships_from": _ships_from(order),
        "seller_id": seller.pk,
        "seller": sold_by,
        "buyer": buyer,
        "is_electronic": wants_electronic(buyer, sold_by),
        "country": country,
        "paper": "us-letter" if order.country in LETTER else "a4",
        "title": title_key(country, is_taxed=is_taxed, is_credit=False),
        "credit_title": title_key(country, is_taxed=is_taxed, is_credit=True),
        "demanded_language": demanded_language(requirement),
        "number_label": requirement.label,
        "unmet": unmet_fields(requirement, is_home=country == fact.country),
        "groups": groups,
        "positions": _positions(order, lines, cells),
        "cells": amounts.as_json(cells),
        "untaxed": untaxed_sentence(((row.reason, row.rule_ref) for row in taxes), order.language),
        "local_tax": _local_tax(order, told, today),
    }


def local_day(order: Order) -> date:
    """Today where the order's market is."""
    return timezone.now().astimezone(ZoneInfo(market_of_record(order.market).timezone)).date()


def _day(order: Order, moment: Any) -> str:
    zone = ZoneInfo(market_of_record(order.market).timezone)
    return str(moment.astimezone(zone).date().isoformat())


def _cells(taxes: Iterable[OrderTaxLine]) -> tuple[list[dict[str, Any]], tuple[Cell, ...]]:
    """The rates of the order and what every position bears at each."""
    numbers: dict[tuple[str, ...], int] = {}
    found = []
    for row in taxes:
        key = (row.place, str(row.rate.normalize()), row.reason, row.label, row.scheme)
        group = numbers.setdefault(key, len(numbers))
        found.append(
            Cell(
                position=_position_key(row),
                component=row.part.position if row.part else 0,
                group=group,
                net=to_minor(row.base),
                tax=to_minor(row.amount),
            )
        )
    names = ("place", "rate", "reason", "label", "scheme")
    return [dict(zip(names, key, strict=True)) for key in numbers], amounts.merged(found)


def _position_key(row: OrderTaxLine) -> str:
    if row.owner in (SHIPPING, FEE):
        return row.owner
    position = row.line.position if row.line else 0
    return f"duty:{position}" if row.owner == "duty" else f"goods:{position}"


def _sums(groups: Sequence[Any], cells: Sequence[Cell]) -> list[tuple[int, int]]:
    sums = amounts.by_group(cells)
    return [sums.get(index, (0, 0)) for index in range(len(groups))]


def _must_add_up(order: Order, lines: Sequence[OrderLine], cells: Sequence[Cell]) -> None:
    """Nothing is issued that does not agree with the order to the cent: per line, and in all."""
    sums = amounts.by_position(cells)
    for line in lines:
        if sums.get(f"goods:{line.position}") != (to_minor(line.line_net), to_minor(line.line_tax)):
            raise DocumentRefused("sums")
    if amounts.total(cells) != to_minor(order.total):
        raise DocumentRefused("sums")


def requirement_of(country: str, day: date) -> Requirement:
    """What the table says of a country on a day."""
    row = InvoiceRequirement.objects.filter(country=country).on(day).first()
    if row is None:
        return UNKNOWN
    return Requirement(fields=frozenset(row.mandatory_fields), language=row.language, label=row.seller_tax_id_label)


def _supply(order: Order) -> dict[str, Any]:
    """When the goods left, as far as they have; else when they are expected; without a parcel, when it was paid."""
    left = [parcel.shipped_at for parcel in order.fulfillments.exclude(state="canceled")]
    if left and all(left):
        days = sorted(_day(order, moment) for moment in left if moment)
        return {"from": days[0], "to": days[-1], "is_expected": False}
    if order.arrives_from and order.arrives_to:
        return {"from": order.arrives_from.isoformat(), "to": order.arrives_to.isoformat(), "is_expected": True}
    paid = _day(order, order.paid_at or timezone.now())
    return {"from": paid, "to": paid, "is_expected": False}


def _ships_from(order: Order) -> str:
    starts = order.fulfillments.exclude(state="canceled").order_by("position").values_list("ships_from", flat=True)
    return next((start for start in starts if start), "")


def _positions(order: Order, lines: Sequence[OrderLine], cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """Goods as they were sold, then duty per line, delivery and clearance. Amounts in minor units."""
    goods = [_goods(line) for line in lines]
    names = {line.position: line.name for line in lines}
    sums = amounts.by_position(cells)
    extra = []
    for key, (net, tax) in sums.items():
        kind, _, position = key.partition(":")
        if kind == "goods" or not net + tax:
            continue
        of = names.get(int(position), "") if position else ""
        name = order.delivery_name if kind == SHIPPING else of
        extra.append({"key": key, "kind": kind, "name": name, "quantity": 1, "net": net, "tax": tax})
    rank = {"duty": 0, SHIPPING: 1, FEE: 2}
    return [*goods, *sorted(extra, key=lambda one: rank[str(one["kind"])])]


def _goods(line: OrderLine) -> dict[str, Any]:
    return {
        "key": f"goods:{line.position}",
        "kind": "goods",
        "sku": line.sku,
        "name": line.name,
        "options": line.options_text,
        "contents": [f"{part.per_set} × {part.name}" for part in line.parts.all()],
        "quantity": line.quantity,
        "unit": to_minor(line.unit_list),
        "listed": to_minor(line.line_list),
        "discount": to_minor(line.line_discount),
        "shown": to_minor(line.line_total),
        "net": to_minor(line.line_net),
        "tax": to_minor(line.line_tax),
        "is_shipped": line.requires_shipping,
        "hs_code": line.hs_code,
        "origin": line.origin,
    }


def _local_tax(order: Order, taxes: Sequence[TaxFact], day: date) -> dict[str, str] | None:
    """The tax in the money of the country that charged it, where the order is in another. Raises `DocumentRefused`."""
    countries = {tax.country for tax in taxes if tax.amount}
    country = country_of(countries.pop()) if len(countries) == 1 else None
    currency = country.currency_id if country else None
    if not currency or currency == order.currency:
        return None
    if order.exchange_rate and order.reporting_currency == currency:
        rate, source, on = order.exchange_rate, order.exchange_rate_ref, order.exchange_rate_on or day
    else:
        try:
            found = rate_on(order.currency, currency, day)
        except DomainError:
            raise DocumentRefused("exchange_rate") from None
        rate, source, on = found.rate, found.source, found.on
    amount = convert(order.tax_total, quote=currency, rate=rate)
    return {
        "currency": currency,
        "amount": str(amount.amount),
        "rate": str(rate.normalize()),
        "source": source,
        "on": on.isoformat(),
    }
