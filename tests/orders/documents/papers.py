"""Documents without a database: facts as an order would give them."""

import json
from datetime import date
from typing import Any

from orders.documents import amounts
from orders.documents.amounts import Cell
from orders.documents.sheet import Heading, sheet_of

SELLER: dict[str, Any] = {
    "code": "meridian",
    "name": "Meridian Handels GmbH",
    "country": "DE",
    "parts": {"street": "Musterstraße 1", "postal_code": "04109", "city": "Leipzig"},
    "lines": ["Musterstraße 1", "04109 Leipzig"],
    "email": "hello@meridian.example",
    "phone": "+49 341 5550100",
    "register": "HRB 00000, Amtsgericht Leipzig",
    "numbers": [["DE", "DE136695976"]],
    "tax_number": "",
}
BUYERS: dict[str, dict[str, Any]] = {
    "DE": {"lines": ["Test Person", "Kastanienallee 41", "10435 Berlin"]},
    "FR": {"lines": ["Société Test", "Test Person", "1 rue de la Paix", "75002 PARIS"]},
    "JP": {"lines": ["〒150-0001", "東京都渋谷区神宮前1-1", "試験 太郎 様"]},
    "AE": {"lines": ["شخص تجريبي", "شارع الشيخ زايد 1", "دبي"]},
    "SA": {"lines": ["شخص تجريبي", "طريق الملك فهد 1", "الرياض 11564"]},
    "CN": {"lines": ["测试 先生", "北京市朝阳区建国路1号", "100022"]},
    "US": {"lines": ["Test Person", "1 Main Street", "Portland, OR 97201"]},
}
NUMBERS = {"JP": "T1234567890123", "AE": "100000000000003", "SA": "300000000000003", "GB": "GB980780684"}


def group(place: str, rate: str = "0.19", **more: str) -> dict[str, str]:
    return {"place": place, "rate": rate, "reason": "standard", "label": "vat", "scheme": "domestic", **more}


def goods(at: int, name: str, *, quantity: int, unit: int, tax: int, discount: int = 0, **more: Any) -> dict[str, Any]:
    """A line whose prices contain the tax."""
    shown = unit * quantity - discount
    return {
        "key": f"goods:{at}", "kind": "goods", "sku": f"MER-{at:04d}", "name": name, "options": "", "contents": [],
        "quantity": quantity, "unit": unit, "listed": unit * quantity, "discount": discount, "shown": shown,
        "net": shown - tax, "tax": tax, "is_shipped": True, "hs_code": "", "origin": "DE", **more,
    }  # fmt: skip


def extra(kind: str, *, net: int, tax: int, name: str = "") -> dict[str, Any]:
    return {"key": kind, "kind": kind, "name": name, "quantity": 1, "net": net, "tax": tax}


def facts_of(
    *,
    country: str = "DE",
    currency: str = "EUR",
    groups: list[dict[str, str]] | None = None,
    positions: list[dict[str, Any]],
    at: dict[str, int] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Facts of an invoice; `at` says which group a position is taxed in, the first when it says nothing."""
    cells = [
        Cell(position=one["key"], group=(at or {}).get(one["key"], 0), net=one["net"], tax=one["tax"])
        for one in positions
    ]
    numbers = [*SELLER["numbers"], *([[country, NUMBERS[country]]] if country in NUMBERS else [])]
    buyer = {
        "name": BUYERS[country]["lines"][0], "person": "Test Person", "country": country, "parts": {},
        "email": "shopper@example.com", "tax_id": "", "tax_id_country": "", "ship_country": country,
        "ship_parts": {}, "ship_lines": [], **BUYERS[country],
    }  # fmt: skip
    found = {
        "version": 1, "order": "TST-48120394", "currency": currency, "price_mode": "gross",
        "ordered_on": "2026-11-20", "paid_on": "2026-11-20",
        "supply": {"from": "2026-11-24", "to": "2026-11-26", "is_expected": True}, "ships_from": "DE", "seller_id": 1,
        "seller": {**SELLER, "numbers": numbers}, "buyer": buyer, "is_electronic": False, "country": country,
        "paper": "a4", "title": "invoice", "credit_title": "credit_note", "demanded_language": "",
        "number_label": "", "unmet": [], "groups": groups or [group(country)], "positions": positions,
        "cells": amounts.as_json(cells), "untaxed": "", "local_tax": None,
    }  # fmt: skip
    return {**found, **more}


def sheet(facts: dict[str, Any], language: str = "en", number: str = "INV-2026-000042") -> dict[str, Any]:
    """The printed words, with plain spaces: German amounts have others."""
    heading = Heading(number=number, issued_on=date(2026, 11, 22), brand="Meridian", language=language)
    plain = json.dumps(sheet_of(facts, heading), ensure_ascii=False).replace("\u00a0", " ")
    made: dict[str, Any] = json.loads(plain)
    return made
