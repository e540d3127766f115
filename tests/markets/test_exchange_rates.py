"""Exchange rates in the tables: imported once, judged, looked up, locked, proposed from, and asked for."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.audit import acting_as
from core.http import OutsideTrouble
from core.models import AuditEntry
from core.money import Money, round_half_up
from markets.actions import record_exchange_rate
from markets.cache import forget
from markets.errors import DoubtDecided, ExchangeRateMissing, ExchangeRateStale, ReasonNeeded
from markets.exchange import convert, cross_rate
from markets.fx import (
    FxPolicy,
    LockedRate,
    Quoted,
    RateFact,
    approve_rate,
    fetching,
    import_rates,
    propose_price,
    rate_on,
    refuse_rate,
)
from markets.models import DoubtfulRate, ExchangeRate, Market
from tests.factories.markets import CurrencyFactory, small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 2)
HISTORY = Path(__file__).resolve().parents[3] / "shared/data/ref-fx/eurofxref-hist-to-2025.csv.gz"


@shared_world
def world() -> None:
    small_world("de", "us", "jp", "ae")


def rates(*rows: tuple[int, str, str]) -> list[Quoted]:
    return [Quoted(DAY + timedelta(days=day), quote, Decimal(rate)) for day, quote, rate in rows]


def brought(*rows: tuple[int, str, str]) -> tuple[int, int]:
    done = import_rates(cells=rates(*rows), base="EUR", source="ecb")
    return done.created, done.doubtful


def test_a_second_import_changes_nothing_and_history_never_moves() -> None:
    rows = ((0, "USD", "1.1"), (1, "USD", "1.11"), (1, "JPY", "160"))
    assert brought(*rows) == (3, 0)
    assert brought(*rows) == (0, 0)
    assert brought((0, "USD", "1.09")) == (0, 0)
    assert rate_on("EUR", "USD", DAY).rate == Decimal("1.1")
    assert AuditEntry.objects.filter(action="exchange_rate.import").count() == 1
    for change in (
        lambda: ExchangeRate.objects.update(rate=2),
        lambda: ExchangeRate.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()


def test_currencies_the_shop_does_not_know_are_named_and_left_out() -> None:
    done = import_rates(cells=rates((0, "CYP", "0.58"), (0, "USD", "1.1")), base="EUR", source="ecb")
    assert (done.created, done.unknown) == (1, {"CYP"})


def test_a_jump_waits_for_an_operator_and_is_used_by_nobody() -> None:
    brought((0, "USD", "1.10"))
    assert brought((1, "USD", "1.30")) == (0, 1)
    assert brought((1, "USD", "1.30")) == (0, 0)
    assert rate_on("EUR", "USD", DAY + timedelta(days=1)).rate == Decimal("1.10")
    doubt = DoubtfulRate.objects.get()
    with pytest.raises(ReasonNeeded):
        approve_rate(doubt_id=doubt.pk, reason=" ")
    assert rate_on("EUR", "USD", DAY + timedelta(days=1)).rate == Decimal("1.10")
    with acting_as(None, "desk"):
        approve_rate(doubt_id=doubt.pk, reason="The papers say so.")
    assert rate_on("EUR", "USD", DAY + timedelta(days=1)).rate == Decimal("1.30")
    assert AuditEntry.objects.get(action="exchange_rate.approved").reason == "The papers say so."
    with pytest.raises(DoubtDecided):
        refuse_rate(doubt_id=doubt.pk, reason="No.")


def test_approving_a_jump_lets_the_days_after_it_through_as_far_as_they_follow() -> None:
    brought((0, "USD", "1.10"))
    brought((1, "USD", "1.30"), (2, "USD", "1.32"), (3, "USD", "13.2"))
    first = DoubtfulRate.objects.order_by("effective_on")[0]
    approve_rate(doubt_id=first.pk, reason="Compared.")
    assert rate_on("EUR", "USD", DAY + timedelta(days=3)).rate == Decimal("1.32")
    assert list(DoubtfulRate.objects.filter(state="waiting").values_list("rate", flat=True)) == [Decimal("13.2")]


def test_a_refused_rate_is_not_asked_about_again() -> None:
    brought((0, "USD", "1.10"))
    brought((1, "USD", "11.0"))
    refuse_rate(doubt_id=DoubtfulRate.objects.get().pk, reason="A slip.")
    assert brought((1, "USD", "11.0"), (2, "USD", "1.11")) == (1, 0)
    assert DoubtfulRate.objects.count() == 1


def test_the_latest_on_or_before_counts_and_cross_rates_are_not_rounded() -> None:
    CurrencyFactory(code="GBP")
    brought((0, "USD", "1.0832"), (0, "GBP", "0.8650"), (3, "USD", "1.09"))
    assert rate_on("EUR", "USD", DAY + timedelta(days=2)) == RateFact(
        base="EUR", quote="USD", rate=Decimal("1.0832"), on=DAY, source="ecb"
    )
    crossed = rate_on("USD", "GBP", DAY)
    assert crossed.rate == Decimal("0.8650") / Decimal("1.0832")
    assert rate_on("USD", "EUR", DAY).rate == 1 / Decimal("1.0832")
    assert rate_on("USD", "USD", DAY).rate == 1
    with pytest.raises(ExchangeRateMissing):
        rate_on("EUR", "USD", DAY - timedelta(days=1))
    with pytest.raises(ExchangeRateMissing):
        rate_on("EUR", "AED", DAY)


def test_a_market_refuses_a_rate_older_than_it_allows() -> None:
    brought((0, "USD", "1.10"))
    Market.objects.filter(code="us").update(fx_max_age_days=5, fx_markup_percent="2.5")
    forget()
    assert rate_on("EUR", "USD", DAY + timedelta(days=5), market="us").with_markup == Decimal("1.1275")
    with pytest.raises(ExchangeRateStale) as refusal:
        rate_on("EUR", "USD", DAY + timedelta(days=6), market="us")
    assert (refusal.value.code, refusal.value.effective_on) == ("FX_STALE", DAY)
    assert rate_on("EUR", "USD", DAY + timedelta(days=6)).rate == Decimal("1.10")


def test_a_currency_fixed_by_law_follows_its_anchor_and_ages_with_it() -> None:
    record_exchange_rate(base="USD", quote="AED", rate=Decimal("3.6725"), on=date(1997, 11, 1), source="peg")
    brought((0, "USD", "1.10"))
    assert rate_on("EUR", "AED", DAY, market="ae").rate == Decimal("1.10") * Decimal("3.6725")
    assert rate_on("USD", "AED", DAY + timedelta(days=900), market="ae").rate == Decimal("3.6725")
    with pytest.raises(ExchangeRateStale):
        rate_on("EUR", "AED", DAY + timedelta(days=900), market="ae")


def test_a_market_can_insist_on_a_source() -> None:
    brought((0, "USD", "1.10"))
    record_exchange_rate(base="EUR", quote="USD", rate=Decimal("1.2"), on=DAY + timedelta(days=1), source="manual")
    assert rate_on("EUR", "USD", DAY + timedelta(days=1), market="us").rate == Decimal("1.2")
    Market.objects.filter(code="us").update(fx_source="ecb")
    forget()
    assert rate_on("EUR", "USD", DAY + timedelta(days=1), market="us").rate == Decimal("1.10")


def test_a_proposed_price_has_rate_mark_up_ending_and_one_rounding() -> None:
    brought((0, "USD", "1.0832"), (0, "JPY", "163.27"))
    us, jp = Market.objects.get(code="us"), Market.objects.get(code="jp")
    us.fx_markup_percent = Decimal("2.5")
    assert propose_price(Money("100.00", "EUR"), market=us, on=DAY) == Money("110.99", "USD")
    jp.charm_rule = {"ending": "80", "step": "100", "mode": "nearest"}
    assert propose_price(Money("29.47", "EUR"), market=jp, on=DAY) == Money("4780", "JPY")
    assert propose_price(Money("29.47", "EUR"), market=jp, on=DAY, factor=Decimal("0.5")) == Money("2380", "JPY")


def test_inside_the_dead_band_the_price_stays() -> None:
    brought((0, "USD", "1.10"))
    us = Market.objects.get(code="us")
    us.fx_dead_band_percent = Decimal(2)
    held = Money("108.99", "USD")
    assert propose_price(Money("100", "EUR"), market=us, on=DAY, current=held) == held
    assert propose_price(Money("100", "EUR"), market=us, on=DAY, current=Money("105.99", "USD")) == Money(
        "109.99", "USD"
    )


def test_a_stale_rate_proposes_nothing() -> None:
    brought((0, "USD", "1.10"))
    with pytest.raises(ExchangeRateStale):
        propose_price(Money("100", "EUR"), market=Market.objects.get(code="us"), on=DAY + timedelta(days=6))


@given(
    st.decimals("0.01", "99999.99", places=2),
    st.decimals("0.1", "20000", places=4),
    st.decimals("0.1", "20000", places=4),
)
def test_crossing_rounds_once(amount: Decimal, to_base: Decimal, to_quote: Decimal) -> None:
    found = convert(Money(amount, "USD"), quote="JPY", rate=cross_rate(to_base=to_base, to_quote=to_quote))
    exact = amount * to_quote / to_base
    assert found == round_half_up(exact, "JPY")
    assert abs(found.amount - exact) <= Decimal("0.5")


def test_a_lock_holds_for_its_minutes_and_its_pair() -> None:
    fact = RateFact(base="USD", quote="EUR", rate=1 / Decimal("1.0832"), on=DAY, source="ecb")
    begun = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
    lock = LockedRate.begun(fact, at=begun, policy=FxPolicy(lock_minutes=30))
    read = LockedRate.read(lock.as_json())
    assert read == lock
    assert lock.holds_at(begun + timedelta(minutes=30), base="USD", quote="EUR")
    assert not lock.holds_at(begun + timedelta(minutes=31), base="USD", quote="EUR")
    assert not lock.holds_at(begun, base="GBP", quote="EUR")
    assert LockedRate.read({}) is None


class Bank(BaseHTTPRequestHandler):
    """A stand-in for the bank's server."""

    answers: dict[str, tuple[int, str]] = {}
    asked: list[str] = []

    def do_GET(self) -> None:
        Bank.asked.append(self.path)
        status, body = Bank.answers.get(self.path, (404, ""))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        """Silence."""


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bank)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr("core.http.check_public", lambda _url: None)
    monkeypatch.setattr("core.http.is_public", lambda _address: True)
    Bank.asked.clear()
    Bank.answers = {
        "/daily": (200, "Date,USD,\n2025-06-03,1.11,\n"),
        "/history": (200, "Date,USD,\n2025-06-03,1.11,\n2025-06-02,1.10,\n"),
    }
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def fetched(bank: str, moment: datetime) -> int | None:
    done = fetching.fetch_rates(now=moment, daily=f"{bank}/daily", history=f"{bank}/history")
    return done.created if done else None


TUESDAY_EVENING = datetime(2025, 6, 3, 15, 0, tzinfo=UTC)


def test_the_bank_is_asked_only_when_it_must_have_something_new(bank: str) -> None:
    assert fetched(bank, TUESDAY_EVENING) == 2
    assert fetched(bank, TUESDAY_EVENING) is None
    assert fetched(bank, TUESDAY_EVENING + timedelta(hours=20)) is None
    assert Bank.asked == ["/history"]


def test_when_only_the_last_day_is_missing_the_small_file_is_asked(bank: str) -> None:
    brought((0, "USD", "1.10"))
    assert fetched(bank, TUESDAY_EVENING) == 1
    assert Bank.asked == ["/daily"]


def test_when_the_bank_fails_the_days_before_stay(bank: str) -> None:
    brought((0, "USD", "1.10"))
    Bank.answers["/daily"] = (503, "")
    with pytest.raises(OutsideTrouble):
        fetched(bank, TUESDAY_EVENING)
    assert rate_on("EUR", "USD", DAY + timedelta(days=1)).rate == Decimal("1.10")


def test_without_an_address_nobody_is_asked(bank: str) -> None:
    assert fetching.fetch_rates(now=TUESDAY_EVENING, daily="", history=f"{bank}/history") is None
    assert Bank.asked == []


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2025, 6, 3, 14, 0, tzinfo=UTC), date(2025, 6, 2)),  # 16:00 in Frankfurt: not out yet
        (datetime(2025, 6, 3, 14, 15, tzinfo=UTC), date(2025, 6, 3)),
        (datetime(2025, 6, 8, 20, 0, tzinfo=UTC), date(2025, 6, 6)),
        (datetime(2025, 6, 9, 8, 0, tzinfo=UTC), date(2025, 6, 6)),
    ],
)
def test_the_expected_day_is_the_last_working_day_after_four_in_frankfurt(moment: datetime, expected: date) -> None:
    assert fetching.expected_day(moment) == expected


def said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_the_commands_import_a_file_and_show_a_rate(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("Date,USD,CYP,\n2025-06-02,1.10,N/A,\n2025-05-30,1.09,0.58,\n")
    first = said("import_rates", str(file))
    assert "2 new, 0 known, 0 waiting for approval; newest 2025-06-02" in first
    assert "CYP" in first
    assert "0 new, 2 known" in said("import_rates", str(file))
    assert "1 EUR = 1.0900000000 USD (ecb, 2025-05-30)" in said("show_rate", "eur", "usd", "--on", "2025-06-01")
    with pytest.raises(CommandError, match="FX_RATE_MISSING"):
        said("show_rate", "eur", "usd", "--on", "2025-05-01")
    with pytest.raises(CommandError, match="FX_STALE"):
        said("show_rate", "eur", "usd", "--on", "2025-09-01", "--market", "us")
    file.write_text("nothing")
    with pytest.raises(CommandError, match="not a file of exchange rates"):
        said("import_rates", str(file))
    with pytest.raises(CommandError, match="Name a file"):
        said("import_rates")


@pytest.mark.skipif(not HISTORY.exists(), reason="the bank's full history is not here")
def test_the_full_history_goes_in_once() -> None:
    for code in ("GBP", "CHF", "TRY", "ISK"):
        CurrencyFactory(code=code)
    first = said("import_rates", str(HISTORY))
    rows = ExchangeRate.objects.count()
    assert rows > 35_000
    assert ExchangeRate.objects.order_by("effective_on")[0].effective_on == date(1999, 1, 4)
    assert rate_on("EUR", "USD", date(2025, 12, 31)).rate == Decimal("1.175")
    assert rate_on("EUR", "USD", date(2025, 12, 28)).on == date(2025, 12, 24)
    assert f"{rows} new" in first
    assert "0 new" in said("import_rates", str(HISTORY))
    assert ExchangeRate.objects.count() == rows
