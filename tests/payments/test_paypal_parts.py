"""PayPal's words for money, its units, its report, and a set-up that does not start wrongly."""

import itertools
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from core.money import from_minor, sum_money
from markets.cache import forget
from markets.models import Market, MarketPaymentMethod
from payments.actions import refund_payment, submit_due_refunds
from payments.checks import check_paypal, check_sandbox
from payments.errors import AmountNotAccepted
from payments.providers.paypal.amounts import coarse_steps, from_paypal, offered_currencies, to_paypal
from payments.providers.paypal.building import order_ref_of
from payments.providers.paypal.entries import entry_of, spans
from payments.providers.paypal.promises import label_of, parts_for, payment_in, promise_of
from payments.providers.paypal.refusals import PayPalRefused
from payments.providers.registry import provider_named
from payments.queries import methods_for
from payments.reconciliation.matching import match_waiting
from payments.reconciliation.reading import read_books
from tests.factories.markets import PaymentMethodFactory, small_world
from tests.payments.paypal_world import order_of, paid_at_paypal, paypal, told
from tests.standins import paypal_contract
from tests.standins import paypal_objects as objects

__all__ = ["paypal"]
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "value"),
    [(Money("49.90", "EUR"), "49.90"), (Money("4990.00", "HUF"), "4990"), (Money("1500", "JPY"), "1500")],
)
def test_amounts_are_written_with_the_digits_paypal_allows(amount, value) -> None:
    assert to_paypal(amount) == {"currency_code": amount.currency.code, "value": value}
    assert from_paypal(to_paypal(amount)) == amount


@pytest.mark.parametrize(
    "amount", [Money("0.50", "HUF"), Money("1.5", "TWD"), Money("1.005", "EUR"), Money("1", "AED")]
)
def test_an_amount_paypal_cannot_charge_is_refused_and_never_rounded(amount) -> None:
    with pytest.raises(AmountNotAccepted):
        to_paypal(amount)


@given(st.sampled_from(sorted(offered_currencies("BR"))), st.integers(1, 10**9))
def test_what_is_sent_comes_back_as_the_same_money(currency: str, minor: int) -> None:
    amount = from_minor(minor * coarse_steps().get(currency, 1), currency)
    assert from_paypal(to_paypal(amount)) == amount


def test_some_currencies_are_for_accounts_at_home_only() -> None:
    assert offered_currencies("BR") - offered_currencies("DE") == {"BRL"}
    assert "AED" not in offered_currencies("AE")
    assert coarse_steps() == {"HUF": 100, "TWD": 100}


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=5), st.data())
def test_a_refund_is_shared_out_over_captures_exactly_and_never_beyond_one(amounts: list[int], data) -> None:
    captures = [
        {"id": f"C{at}", "status": "COMPLETED", "amount": to_paypal(from_minor(amount, "EUR"))}
        for at, amount in enumerate(amounts)
    ]
    given_back = [data.draw(st.integers(0, amount)) for amount in amounts]
    refunds = [
        {
            "status": "COMPLETED",
            "amount": to_paypal(from_minor(back, "EUR")),
            "links": [{"rel": "up", "href": f"https://api.paypal.com/v2/payments/captures/C{at}"}],
        }
        for at, back in enumerate(given_back)
        if back
    ]
    wanted = from_minor(data.draw(st.integers(1, sum(amounts))), "EUR")
    rooms = {f"C{at}": amount - back for at, (amount, back) in enumerate(zip(amounts, given_back, strict=True))}
    if wanted > from_minor(sum(rooms.values()), "EUR"):
        with pytest.raises(PayPalRefused):
            parts_for(wanted, captures, refunds)
        return
    parts = parts_for(wanted, captures, refunds)
    assert sum_money((part.amount for part in parts), "EUR") == wanted
    assert all(0 < part.amount.amount * 100 <= rooms[part.capture] for part in parts)


def test_a_refunds_label_names_payment_refund_and_sum() -> None:
    payment, refund = uuid4(), uuid4()
    label = label_of(payment, refund, Money("49.90", "EUR"))
    promise = promise_of({"custom_id": label, "amount": {"currency_code": "EUR", "value": "1.00"}})
    assert promise is not None
    assert (promise.payment_ref, promise.refund_ref, promise.total) == (payment, refund, Money("49.90", "EUR"))
    assert len(label) <= 127
    assert payment_in(label) == payment_in(str(payment)) == payment
    for foreign in ("", "refund", "refund,x,y,1", "refund,,,", "order 17", str(payment)):
        assert promise_of({"custom_id": foreign, "amount": {"currency_code": "EUR"}}) is None
    assert payment_in("refund") is payment_in("order 17") is None


@pytest.mark.parametrize(("invoice", "order"), [("MER-12345678-0a1b2c3d", "MER-12345678"), ("INV-2", ""), ("", "")])
def test_an_invoice_number_leads_back_to_the_order(invoice, order) -> None:
    assert order_ref_of(invoice) == order


# --- the report -----------------------------------------------------------------------------------------------------


def a_row(code: str, value: str, *, status: str = "S", fee: str = "") -> dict:
    row = objects.row({"id": "5TY05013RG002845M", "amount": {"currency_code": "EUR", "value": value},
                       "create_time": "2026-02-01T10:00:00+0000", "update_time": "2026-02-01T10:00:00+0000"},
                      code, sign=1, status=status)  # fmt: skip
    if fee:
        row["transaction_info"]["fee_amount"] = {"currency_code": "EUR", "value": fee}
    return row


@pytest.mark.parametrize(
    ("code", "value", "kind"),
    [
        ("T0006", "49.90", "charge"),
        ("T0001", "-10.00", "adjustment"),
        ("T1107", "-10.00", "refund"),
        ("T1106", "-10.00", "dispute"),
        ("T1111", "10.00", "dispute"),
        ("T0106", "-0.30", "fee"),
        ("T0400", "-900.00", "payout"),
        ("T0200", "-5.00", "adjustment"),
        ("T9999", "5.00", "adjustment"),
    ],
)
def test_rows_of_the_report_are_named_after_what_they_are(code, value, kind) -> None:
    entry = entry_of(a_row(code, value, fee="-1.74"))
    assert entry is not None
    assert (entry.kind, entry.amount, entry.fee) == (kind, Money(value, "EUR"), Money("1.74", "EUR"))
    assert entry.net == entry.amount - entry.fee
    assert entry.created == datetime(2026, 2, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("status", ["P", "D"])
def test_what_waits_or_was_denied_has_moved_nothing(status) -> None:
    assert entry_of(a_row("T0006", "49.90", status=status)) is None


def test_a_long_time_is_asked_for_in_pieces_without_gap_or_overlap() -> None:
    pieces = list(spans(BEGIN, END))
    assert (pieces[0][0], pieces[-1][1], len(pieces)) == (BEGIN, END, 3)
    assert all(before[1] == after[0] for before, after in itertools.pairwise(pieces))
    assert all(last - first <= timedelta(days=31) for first, last in pieces)


@pytest.mark.django_db
def test_the_report_is_read_to_its_last_page_and_agrees_with_what_we_were_told(paypal) -> None:
    first, second = paid_at_paypal(paypal), paid_at_paypal(paypal, Money("10.00", "EUR"))
    refund_payment(payment_ref=first.ref, amount=Money("4.00", "EUR"), key="r-1", reason="broken")
    submit_due_refunds()
    told(paypal, first)
    for payment in (first, second):
        captures = paypal.books.captures_of(payment.provider_ref)
        paypal.books.rows += [objects.row(one, "T0006", sign=1) for one in captures]
    back = paypal.books.refunds_of(first.provider_ref)[0]
    paypal.books.rows.append(objects.row(back, "T1107", sign=-1))
    end = datetime.now(UTC) + timedelta(minutes=1)
    entries = list(provider_named("paypal").list_transactions(end - timedelta(days=1), end))
    assert [(one.kind, one.net) for one in entries] == [
        ("charge", Money("48.40", "EUR")),
        ("charge", Money("9.70", "EUR")),
        ("refund", Money("-4.00", "EUR")),
    ]
    assert [one.payment_ref for one in entries] == [first.ref, second.ref, first.ref]
    read = read_books(provider="paypal", begin=end - timedelta(days=1), end=end)
    assert (read.refusal, read.fresh, match_waiting(provider="paypal")) == ("", 3, 3)
    assert len(paypal.books.made("GET", "/v1/reporting/transactions")) == 4


# --- where it is shown, and how it is set up ------------------------------------------------------------------------


@pytest.mark.django_db
def test_paypal_is_shown_where_the_market_offers_it_and_can_be_paid_so(paypal, settings) -> None:
    settings.SANDBOX_PAYMENTS = False
    world = small_world("de", "ae")
    method = PaymentMethodFactory(code="paypal", brand="PayPal", family="wallet", provider_codes={})
    assert methods_for(world["de"], Money("10.00", "EUR")) == ()
    for code in ("de", "ae"):
        MarketPaymentMethod.objects.create(market=Market.objects.get(code=code), method=method)
    forget()
    shown = methods_for(world["de"], Money("10.00", "EUR"))
    assert [(view.code, view.provider, view.label) for view in shown] == [("paypal", "paypal", "PayPal")]
    assert methods_for(world["ae"], Money("10.00", "AED")) == ()


WHOLE = {"PAYPAL_CLIENT_ID": "id", "PAYPAL_CLIENT_SECRET": "secret", "PAYPAL_WEBHOOK_ID": "hook"}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        (WHOLE, []),
        (WHOLE | {"PAYPAL_MODE": "live", "SANDBOX_PAYMENTS": False}, []),
        ({"PAYPAL_WEBHOOK_ID": "hook"}, ["payments.E021"]),
        (WHOLE | {"PAYPAL_CLIENT_SECRET": ""}, ["payments.E021"]),
        (WHOLE | {"PAYPAL_WEBHOOK_ID": ""}, ["payments.E022"]),
        ({"PAYPAL_MODE": "both"}, ["payments.E020"]),
        (WHOLE | {"PAYPAL_API_BASE": "https://api-m.paypal.com"}, ["payments.E023"]),
        (WHOLE | {"PAYPAL_API_BASE": "http://api-m.sandbox.paypal.com"}, ["payments.E023"]),
        (WHOLE | {"PAYPAL_API_BASE": "http://127.0.0.1:8000"}, []),
        (
            WHOLE | {"PAYPAL_MODE": "live", "PAYPAL_API_BASE": "http://127.0.0.1:8000", "SANDBOX_PAYMENTS": False},
            ["payments.E023"],
        ),
        (WHOLE | {"PAYPAL_MODE": "live", "DEBUG": True}, ["payments.E003", "payments.E024"]),
    ],
)
def test_a_wrong_set_up_is_named_before_the_shop_starts(changes, codes, settings) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    found = [message.id for check in (check_sandbox, check_paypal) for message in check(None)]
    assert sorted(map(str, found)) == codes


@pytest.mark.django_db
def test_the_stand_ins_order_keeps_what_we_asked_for(paypal) -> None:
    payment = paid_at_paypal(paypal)
    assert order_ref_of(order_of(paypal, payment)["purchase_units"][0]["invoice_id"]) == payment.order_ref


@pytest.mark.skipif(not paypal_contract.is_here(), reason="there are no descriptions of PayPal's API here")
@pytest.mark.parametrize(
    ("verb", "path", "query", "sent", "status", "answer"),
    [
        ("POST", "/v2/checkout/orders", "", {"intent": "BUY", "purchase_units": []}, 400, {}),
        ("POST", "/v2/checkout/orders", "", {"intent": "CAPTURE"}, 400, {}),
        ("GET", "/v2/checkout/orders/X", "", None, 200, {"status": "PAID"}),
        ("GET", "/v1/reporting/transactions", "start_date=2026-01-01", None, 200, {}),
        ("POST", "/v2/checkout/orders/X/cancel", "", {}, 200, {}),
    ],
)
def test_paypals_descriptions_are_held_against_what_is_wrong(verb, path, query, sent, status, answer) -> None:
    assert paypal_contract.violations(verb, path, query, sent, status, answer)
