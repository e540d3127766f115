"""Returns that were filed: kept as they were, once, and told beside what documents say now."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.models import AuditEntry
from core.money import Money
from markets.models import LegalEntity, TaxRegistration
from orders.actions.filings import AlreadyFiled, FilingDayWrong, PeriodNotOver, ReferenceMissing, record_filing
from orders.models import Order, TaxFiling
from orders.statements.filings import returns_owed
from orders.statements.periods import TaxPeriod
from orders.statements.returns import ReturnIncomplete
from tests.admin.people import operator, text
from tests.orders.statements.test_declared import Q3, issued, one_order, seller
from tests.shared_world import shared_world
from tests.soundness import broken_checks

pytestmark = pytest.mark.django_db
FILED_ON = date(2026, 10, 20)
PERMISSIONS = ("orders.view_statements", "orders.record_taxfiling")


@shared_world
def order() -> Order:
    return one_order()


def file(*, reference: str = "DE/OSS/Q3.2026", on: date = FILED_ON, period: TaxPeriod = Q3) -> TaxFiling:
    return record_filing(seller=seller(), scheme="oss", period=period, reference=reference, filed_on=on)


def page_of(period: TaxPeriod = Q3) -> str:
    return f"/admin/statements/return/?seller={seller()}&scheme=oss&period={period.code}"


def test_what_was_filed_is_kept_with_its_file_and_recorded(order: Order) -> None:
    issued(order)
    filing = file(reference=" DE/OSS/Q3.2026 ")
    assert (filing.reference, filing.total) == ("DE/OSS/Q3.2026", Money("2.00", "EUR"))
    assert "supplies,oss,2026-Q3,,FR,DE,goods,standard,20,10.00,2.00,EUR" in filing.content
    assert AuditEntry.objects.filter(action="orders.record_filing").count() == 1


def test_said_twice_it_is_kept_once_and_another_reference_changes_nothing(order: Order) -> None:
    issued(order)
    first = file()
    assert file() == first
    with pytest.raises(AlreadyFiled):
        file(reference="another")
    assert TaxFiling.objects.get().reference == first.reference
    assert AuditEntry.objects.filter(action="orders.record_filing").count() == 1


def test_it_never_changes_and_never_goes(order: Order) -> None:
    issued(order)
    filing = file()
    for deed in (lambda: TaxFiling.objects.update(reference="X"), filing.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_a_period_that_is_not_over_a_wrong_day_and_no_reference_are_refused(order: Order) -> None:
    issued(order)
    running = TaxPeriod.holding(timezone.now().date(), "oss")
    with pytest.raises(PeriodNotOver):
        file(period=running, on=running.last + timedelta(days=1))
    for day in (Q3.last, timezone.now().date() + timedelta(days=3)):
        with pytest.raises(FilingDayWrong):
            file(on=day)
    with pytest.raises(ReferenceMissing):
        file(reference="  ")
    assert not TaxFiling.objects.exists()


def test_a_return_without_all_exchange_rates_is_not_kept(order: Order) -> None:
    issued(order, currency="SEK")
    with pytest.raises(ReturnIncomplete):
        file()
    assert not TaxFiling.objects.exists()


def test_returns_are_owed_from_the_first_document_on_and_late_after_their_day(order: Order) -> None:
    TaxRegistration.objects.filter(scheme__in=("oss", "ioss")).delete()
    TaxRegistration.objects.create(legal_entity=LegalEntity.objects.get(), country_id="DE", scheme="oss")
    assert returns_owed(date(2026, 10, 31)) == []
    issued(order, on=date(2026, 5, 2), paid_on=date(2026, 5, 2))

    owed = returns_owed(date(2026, 10, 31))
    assert [(one.period.code, one.is_late) for one in owed] == [("2026-Q3", False), ("2026-Q2", True)]
    assert [one.is_late for one in returns_owed(date(2026, 11, 1))] == [True, True]
    file()
    assert [one.filing is not None for one in returns_owed(date(2026, 11, 1))] == [True, False]


def test_a_registration_that_ended_owes_nothing_after_its_last_period(order: Order) -> None:
    TaxRegistration.objects.filter(scheme__in=("oss", "ioss")).delete()
    TaxRegistration.objects.create(
        legal_entity=LegalEntity.objects.get(), country_id="DE", scheme="ioss", effective_to=date(2026, 8, 15)
    )
    issued(order, on=date(2026, 7, 2), paid_on=date(2026, 7, 2))
    assert [one.period.code for one in returns_owed(date(2026, 10, 31))] == ["2026-08", "2026-07"]


def test_operators_record_a_return_and_fetch_the_file_as_it_was_filed(order: Order) -> None:
    issued(order)
    browser = operator(*PERMISSIONS)
    assert "Record that it was filed" in text(browser.get(page_of()))
    sent = {"key": "k1", "filed_on": FILED_ON.isoformat(), "reference": "DE/OSS/Q3.2026"}
    assert operator("orders.view_statements").post(page_of(), sent).status_code == 403
    assert browser.post(page_of(), {**sent, "filed_on": Q3.last.isoformat()}).status_code == 422
    assert not TaxFiling.objects.exists()
    assert browser.post(page_of(), sent).status_code == 302

    filing = TaxFiling.objects.get()
    shown = text(browser.get(page_of()))
    assert "the documents still say the same" in shown
    assert "Record that it was filed" not in shown
    file = browser.get(f"/admin/statements/filed/{filing.pk}/")
    assert file.content.decode("utf-8-sig") == filing.content
    assert operator("orders.view_order").get(f"/admin/statements/filed/{filing.pk}/").status_code == 403


def test_documents_that_say_something_else_than_what_was_filed_are_told(order: Order) -> None:
    assert file().total == Money("0.00", "EUR"), "a return without supplies is filed too"
    issued(order)
    shown = text(operator(*PERMISSIONS).get(page_of()))
    assert "What the documents say now differs from what was filed." in shown


@pytest.mark.parametrize(("total", "codes"), [("2.00", set()), ("2.01", {"T34"})])
def test_a_filing_whose_file_owes_something_else_is_found(order: Order, total: str, codes: set[str]) -> None:
    issued(order)
    filed = file()
    copied = TaxFiling(
        seller=filed.seller, scheme="oss", first=date(2026, 4, 1), last=date(2026, 6, 30), filed_on=FILED_ON,
        reference="copy", content=filed.content, total=Money(total, "EUR"),
    )  # fmt: skip
    copied.save()
    found = broken_checks()
    assert found & {"T34"} == codes
