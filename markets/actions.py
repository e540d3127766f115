"""Every change of markets, one verb per function."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from core import audit
from core.events import publish
from markets.cache import forget_on_commit
from markets.errors import MarketNotReady, MarketUnknown
from markets.events import MarketChanged
from markets.models import ExchangeRate, Market
from markets.readiness import readiness_of


@transaction.atomic
def open_market(*, code: str, reason: str = "") -> Market:
    """Open a market to shoppers. Raises `MarketNotReady` naming everything that is missing."""
    market = _locked(code)
    missing = missing_for_opening(market)
    if missing:
        raise MarketNotReady(market=code, missing=missing)
    return _set_active(market, active=True, reason=reason)


@transaction.atomic
def close_market(*, code: str, reason: str = "") -> Market:
    """Close a market: its pages are gone at once, its orders stay."""
    return _set_active(_locked(code), active=False, reason=reason)


@transaction.atomic
def record_exchange_rate(*, base: str, quote: str, rate: Decimal, on: date, source: str) -> ExchangeRate:
    """Write a rate down. The same source speaks once per day: a second report of the day changes nothing."""
    row, made = ExchangeRate.objects.get_or_create(
        base_id=base, quote_id=quote, effective_on=on, source=source, defaults={"rate": rate}
    )
    if made:
        audit.record("exchange_rate.record", row, data={"pair": f"{base}/{quote}", "rate": rate, "on": on})
    return row


def note_change(
    *, row: models.Model, old: Mapping[str, Any], new: Mapping[str, Any], is_new: bool, reason: str = ""
) -> None:
    """Record what somebody changed in a table of markets, and let every process see it."""
    verb = "create" if is_new else "change"
    audit.record(f"{row._meta.model_name}.{verb}", row, data={"old": dict(old), "new": dict(new)}, reason=reason)
    if isinstance(row, Market):
        publish(MarketChanged(market=row.code))
    forget_on_commit()


def missing_for_opening(market: Market) -> tuple[str, ...]:
    """The areas in which a market is below its bar, with what is missing first, in sentences. Empty: it may open."""
    return tuple(
        _("%(area)s (%(percent)d%% of %(bar)d%%)") % {"area": area.title, "percent": area.percent, "bar": area.bar}
        for area in readiness_of(market).blocking
    )


def _locked(code: str) -> Market:
    market = Market.objects.select_for_update(of=("self",)).filter(code=code).first()
    if market is None:
        raise MarketUnknown(code)
    return market


def _set_active(market: Market, *, active: bool, reason: str) -> Market:
    if market.active == active:
        return market
    market.active = active
    market.save(update_fields=["active", "updated"])
    note_change(row=market, old={"active": not active}, new={"active": active}, is_new=False, reason=reason)
    return market
