"""Labels: bought once, kept as they came, given back, printed together, never a command for the printer."""

import io

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from inventory.actions.labels import (
    blank_label,
    buy_label,
    cancel_label,
    give_up_label,
    hand_over,
    print_labels,
    read_label,
    unsure_labels,
)
from inventory.carriers.sandbox.numbers import understood
from inventory.carriers.sandbox.pages import escaped
from inventory.errors import CarrierRefused, CarrierUnreachable, LabelGone, LabelInProgress, LabelStands
from inventory.models import LabelRecord, LabelState
from tests.inventory.carriers.worlds import a_shipment, an_account
from tests.payments.credit_world import broken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def switched_on(settings, tmp_path) -> None:
    settings.SANDBOX_CARRIER = True
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


def bought(ref: str = "1", *, account: str = "sandbox", key: str = "", country: str = "DE") -> LabelRecord:
    return buy_label(
        shipment=a_shipment(ref=ref, country=country),
        account_code=account,
        service="standard",
        warehouse_code="LEJ",
        key=key or f"k{ref}",
    )


def test_the_same_key_is_the_same_label() -> None:
    an_account("sandbox")
    first, second = bought(), bought()
    assert first.pk == second.pk
    assert (first.state, LabelRecord.objects.count()) == (LabelState.BOUGHT, 1)
    assert read_label(first).startswith(b"%PDF")
    assert understood(first.tracking_no) is not None
    assert first.cost is not None
    assert not broken("K02", "K03")


def test_a_parcel_has_one_label_until_it_is_given_back() -> None:
    an_account("sandbox")
    first = bought()
    with pytest.raises(LabelStands):
        bought(key="another")
    assert cancel_label(label_id=first.pk, reason="Wrong box").state == LabelState.CANCELED
    assert cancel_label(label_id=first.pk, reason="Again").state == LabelState.CANCELED
    assert bought(key="another").state == LabelState.BOUGHT
    with pytest.raises(LabelGone):
        read_label(LabelRecord.objects.get(pk=first.pk))


def test_a_refusal_is_kept_and_the_parcel_stays_free() -> None:
    an_account("sandbox")
    shipment = a_shipment(weight_g=50_000)
    with pytest.raises(CarrierRefused):
        buy_label(shipment=shipment, account_code="sandbox", service="standard", warehouse_code="LEJ", key="heavy")
    assert LabelRecord.objects.get().state == LabelState.REFUSED
    assert bought().state == LabelState.BOUGHT


def test_a_silent_carrier_is_asked_again_under_the_same_key(settings) -> None:
    an_account("sandbox")
    settings.SANDBOX_CARRIER = False
    with pytest.raises(CarrierUnreachable):
        bought()
    assert [one.state for one in unsure_labels()] == [LabelState.ASKED]
    settings.SANDBOX_CARRIER = True
    assert bought().state == LabelState.BOUGHT
    assert LabelRecord.objects.count() == 1
    assert not unsure_labels()


def test_a_label_that_was_never_made_is_given_up_once_nobody_is_at_it(settings) -> None:
    an_account("sandbox")
    settings.SANDBOX_CARRIER = False
    with pytest.raises(CarrierUnreachable):
        bought()
    label = LabelRecord.objects.get()
    LabelRecord.objects.update(asked_at=timezone.now())
    with pytest.raises(LabelInProgress):
        give_up_label(label_id=label.pk, reason="Not there")
    LabelRecord.objects.update(asked_at=label.asked_at)
    assert give_up_label(label_id=label.pk, reason="Not there").state == LabelState.REFUSED
    settings.SANDBOX_CARRIER = True
    second = bought(key="another")
    assert second.state == LabelState.BOUGHT
    with pytest.raises(LabelGone):
        give_up_label(label_id=second.pk, reason="Not there")


def test_labels_are_printed_together_by_format() -> None:
    an_account("sandbox")
    an_account("sandbox", code="printer", label_format="zpl")
    pdf = [bought(str(number)) for number in (1, 2, 3)]
    zpl = [bought(str(number), account="printer") for number in (4, 5)]
    every = [one.pk for one in (*zpl, *pdf)]
    assert len(PdfReader(io.BytesIO(print_labels(label_ids=every, wanted="pdf"))).pages) == 3
    commands = print_labels(label_ids=every, wanted="zpl")
    assert (commands.count(b"^XA"), commands.count(b"^XZ")) == (2, 2)
    assert LabelRecord.objects.filter(printed_at__isnull=False).count() == 5


def test_an_erased_label_shows_nobody_and_is_not_printed(django_capture_on_commit_callbacks) -> None:
    an_account("sandbox")
    kept, gone = bought("1"), bought("2")
    storage, name = gone.file.storage, gone.file.name
    with django_capture_on_commit_callbacks(execute=True):
        assert [blank_label(LabelRecord.objects.get(pk=gone.pk)) for _ in range(2)] == [1, 0]
    assert not storage.exists(name)
    gone.refresh_from_db()
    with pytest.raises(LabelGone):
        read_label(gone)
    assert gone.tracking_no, "what it was and cost is kept"
    assert gone.cost == kept.cost
    together = print_labels(label_ids=[kept.pk, gone.pk], wanted="pdf")
    assert len(PdfReader(io.BytesIO(together)).pages) == 1
    assert not broken("K02", "K03")


def test_a_label_over_a_border_says_who_pays() -> None:
    an_account("sandbox", label_format="zpl")
    assert "DDP IOSS IM1 · HS 691110" in read_label(bought(country="JP")).decode()


def test_a_day_is_closed_once_and_what_was_handed_over_is_not_given_back() -> None:
    account = an_account("sandbox")
    labels = [bought(str(number)) for number in (1, 2)]
    manifest, count = hand_over(account_code=account.code, warehouse_code="LEJ", label_ids=[one.pk for one in labels])
    assert count == 2
    assert set(LabelRecord.objects.values_list("manifest_ref", flat=True)) == {manifest.number}
    with pytest.raises(LabelGone):
        hand_over(account_code=account.code, warehouse_code="LEJ", label_ids=[one.pk for one in labels])
    with pytest.raises(LabelGone):
        cancel_label(label_id=labels[0].pk, reason="Too late")


@given(st.text(max_size=60))
def test_no_address_commands_the_printer(written: str) -> None:
    shown = escaped(written)
    assert not set("^~\\") & set(shown)
    assert all(ord(letter) >= 32 for letter in shown)
