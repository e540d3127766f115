"""Payout files: Stripe's, PayPal's and other tables; read whole or refused whole, with the lines that are wrong."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from djmoney.money import Money

from payments.models import StatementEntry, StatementMatch, StatementRead
from payments.reconciliation.files.folder import import_waiting_files
from payments.reconciliation.files.generic import PAYPAL_ACTIVITY, Mapping
from payments.reconciliation.files.importing import FileRefused, import_file, parse_file
from tests.factories.payments import PaymentFactory, fact, settled

pytestmark = pytest.mark.django_db
STRIPE = (
    "automatic_payout_id,balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,"
    "reporting_category,source_id,payment_intent_id,customer_facing_amount,customer_facing_currency\n"
    "po_1,txn_1,2026-11-20 10:00:00,2026-11-22 00:00:00,eur,49.90,0.98,48.92,charge,ch_1,pi_1,49.90,eur\n"
    "po_1,txn_2,2026-11-20 11:00:00,2026-11-22 00:00:00,eur,-9.20,0.00,-9.20,refund,re_1,pi_1,10.00,usd\n"
)
PAYPAL = (
    '"RH",2026/11/21 02:44:19 -0700,"A","MERCHANT",009,\n'
    '"SH",2026/11/20 00:00:00 -0700,2026/11/20 23:59:59 -0700,"MERCHANT",""\n'
    '"CH","Transaction ID","Invoice ID","PayPal Reference ID","PayPal Reference ID Type","Transaction Event Code",'
    '"Transaction Initiation Date","Transaction Completion Date","Transaction Debit or Credit",'
    '"Gross Transaction Amount","Gross Transaction Currency","Fee Debit or Credit","Fee Amount","Fee Currency",'
    '"Custom Field"\n'
    '"SB","8AB1","MER-1","","","T0006",2026/11/20 00:01:17 -0700,2026/11/20 00:01:17 -0700,"CR",4990,"EUR",'
    '"DR",160,"EUR",""\n'
    '"SB","9CD2","MER-1","8AB1","TXN","T1107",2026/11/20 01:01:17 -0700,2026/11/20 01:01:17 -0700,"DR",500,"EUR",'
    '"CR",17,"EUR",""\n'
    '"SB","7EF3","","","","T0400",2026/11/20 02:01:17 -0700,2026/11/20 02:01:17 -0700,"DR",10000,"JPY","",,"",""\n'
    '"SF","EUR",1,2\n'
)


def parsed(text: str, mapping: Mapping | None = None):
    return parse_file(text.encode(), mapping or Mapping())


def test_stripes_report_is_recognised_and_read() -> None:
    charge, refund = parsed(STRIPE).entries
    assert (charge.kind, charge.fact_ref, charge.payout_id, charge.net, charge.charged) == (
        "charge",
        "pi_1",
        "po_1",
        Money("48.92", "EUR"),
        None,
    )
    assert (refund.kind, refund.fact_ref, refund.charged) == ("refund", "re_1", Money("-10.00", "USD"))
    assert charge.created == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_paypals_settlement_report_is_read_with_its_signs_hundredths_and_zone() -> None:
    charge, refund, payout = parsed(PAYPAL).entries
    assert (charge.kind, charge.order_ref, charge.fact_ref) == ("charge", "MER-1", "8AB1")
    assert (charge.amount, charge.fee, charge.net) == (
        Money("49.90", "EUR"),
        Money("1.60", "EUR"),
        Money("48.30", "EUR"),
    )
    assert (refund.kind, refund.provider_ref, refund.amount, refund.fee) == (
        "refund",
        "8AB1",
        Money("-5.00", "EUR"),
        Money("-0.17", "EUR"),
    )
    assert (payout.kind, payout.amount, payout.payout_id) == ("payout", Money("-100", "JPY"), "7EF3")
    assert charge.created.astimezone(UTC) == datetime(2026, 11, 20, 7, 1, 17, tzinfo=UTC)


def test_another_table_is_read_with_its_columns_marks_and_dates() -> None:
    text = "Nr;Tag;Art;Betrag;Netto;W;Bestellung\n17;31.12.2026 23:59;Payment;1.234,50;1.230,00;EUR;MER-2\n"
    mapping = Mapping(
        entry_id="Nr",
        moment="Tag",
        kind="Art",
        amount="Betrag",
        net="Netto",
        currency="W",
        order="Bestellung",
        shape="%d.%m.%Y",
        mark=",",
    )
    (entry,) = parsed(text, mapping).entries
    assert (entry.amount, entry.fee, entry.order_ref) == (Money("1234.50", "EUR"), Money("4.50", "EUR"), "MER-2")
    assert entry.created == datetime(2026, 12, 31, 23, 59, tzinfo=UTC)


def test_paypals_activity_download_is_a_table_of_known_columns() -> None:
    text = (
        "\ufeffDate,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Reference Txn ID,"
        "Invoice Number\n"
        '11/20/2026,10:00:00,PST,,Express Checkout Payment,Completed,EUR,"1,049.90",-1.60,"1,048.30",8AB1,,M-1\n'
        "11/20/2026,11:00:00,PST,,General Withdrawal,Completed,EUR,-20.00,0.00,-20.00,9CD2,,\n"
    )
    charge, payout = parsed(text, PAYPAL_ACTIVITY).entries
    assert (charge.kind, charge.fee.amount, charge.amount.amount) == ("charge", Decimal("1.60"), Decimal("1049.90"))
    assert (payout.kind, payout.net) == ("payout", Money("-20.00", "EUR"))


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, ""),
        ("id,date,amount,currency\n", 1, ""),
        ("id,date,amount\n1,2026-11-20,1.00\n", 1, "currency"),
        ("id,date,amount,currency\n1,2026-11-20,1.00,EUR\n2,2026-11-31,1.00,EUR\n", 3, "date"),
        ("id,date,amount,currency\n1,2026-11-20,much,EUR\n", 2, "amount"),
        ("id,date,amount,currency\n1,2026-11-20,NaN,EUR\n", 2, "amount"),
        ("id,date,amount,currency\n1,2026-11-20,1.005,EUR\n", 2, "amount"),
        ("id,date,amount,currency\n1,2026-11-20,1.00,EURO\n", 2, "currency"),
        ("id,date,amount,currency\n,2026-11-20,1.00,EUR\n", 2, "id"),
        ("id,date,amount,currency\n1,2026-11-20,1.00,EUR\n1,2026-11-20,2.00,EUR\n", 3, "id"),
        (STRIPE.replace("48.92", "48.93"), 2, "net"),
        (PAYPAL.replace('"DR",160', '"XX",160'), 4, "Fee Debit or Credit"),
    ],
)
def test_a_refused_file_names_its_line_and_column_and_stores_nothing(text, line, column) -> None:
    with pytest.raises(FileRefused) as refusal:
        import_file(provider="stripe", name="x.csv", content=text.encode())
    assert [(one.line, one.column) for one in refusal.value.problems] == [(line, column)]
    assert (StatementEntry.objects.count(), StatementRead.objects.count()) == (0, 0)


def test_a_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(FileRefused):
        import_file(provider="stripe", name="x.csv", content=b"\xff\xfe\x00")


def test_the_same_row_from_a_file_and_from_the_provider_is_one_row_and_matches() -> None:
    payment = PaymentFactory(provider="stripe", provider_ref="pi_1")
    settled(payment, fact(payment, "captured", fact_ref="pi_1"))
    text = "\n".join(STRIPE.splitlines()[:2]) + "\n"
    for _time in range(2):
        import_file(provider="stripe", name="x.csv", content=text.encode())
    entry = StatementEntry.objects.get()
    assert (entry.payout_id, StatementMatch.objects.get().fact.fact_ref) == ("po_1", "pi_1")
    assert payment.transactions.get(kind="fee").amount_minor == 98


def test_a_watched_folder_is_read_once_and_shows_what_it_refused(settings, tmp_path) -> None:
    settings.STATEMENT_FOLDER = str(tmp_path)
    for name, text in (("a.csv", STRIPE), ("b.CSV", "nothing\n"), ("c.txt", STRIPE)):
        (tmp_path / "stripe").mkdir(exist_ok=True)
        (tmp_path / "stripe" / name).write_text(text)
    (tmp_path / "nobody").mkdir()
    (tmp_path / "nobody" / "a.csv").write_text(STRIPE)
    assert [import_waiting_files(), import_waiting_files()] == [1, 0]
    refused = StatementRead.objects.exclude(refusal="").get()
    assert (refused.name, refused.finished, StatementEntry.objects.count()) == ("b.CSV", None, 2)
    settings.STATEMENT_FOLDER = ""
    assert import_waiting_files() == 0
