"""Codes on documents. Pure."""

import base64
import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import segno

from core.money import from_minor


def saudi_code(facts: Mapping[str, Any], day: date, total: int, tax: int) -> str:
    """The QR code of a Saudi tax invoice as SVG; empty for other countries and where none of its tax was charged.

    Tags 1 to 5 of the tax authority's first phase: seller, number, time, total with tax, tax; each with its length,
    in base 64.
    """
    number = next((number for country, number in facts["seller"]["numbers"] if country == "SA"), "")
    if facts["country"] != "SA" or not number or not tax:
        return ""
    currency = facts["currency"]
    values = (
        facts["seller"]["name"],
        number,
        f"{day.isoformat()}T00:00:00Z",
        str(from_minor(total, currency).amount),
        str(from_minor(tax, currency).amount),
    )
    told = b"".join(_tag(tag, value) for tag, value in enumerate(values, start=1))
    drawn = io.BytesIO()
    segno.make(base64.b64encode(told).decode(), error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, border=0
    )
    return drawn.getvalue().decode()


def _tag(tag: int, value: str) -> bytes:
    written = value.encode()[:255]
    return bytes((tag, len(written))) + written
