"""Buyers' numbers: what can be right, what the register says, and what happens when it says nothing."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from django.utils import timezone

from core.models import AuditEntry
from markets.models import BuyerTaxId
from markets.tax_ids import (
    TaxIdRefused,
    business_kind,
    check_tax_id,
    confirm_tax_id,
    identity_kinds,
    note_tax_id,
    read_tax_id,
    retry_unavailable,
)
from markets.tax_ids.actions import attach_to_order, buyer_fact
from markets.tax_ids.kinds import IDENTITIES, Kind
from markets.tax_ids.vies import Vies

SAMPLES = Path(__file__).resolve().parents[3] / "shared/data/ref-tax/vat-id-samples.json"
COUNTRIES = {
    "austria": "AT", "belgium": "BE", "bulgaria": "BG", "croatia": "HR", "cyprus": "CY", "czechRepublic": "CZ",
    "denmark": "DK", "hungary": "HU", "ireland": "IE", "italy": "IT", "latvia": "LV", "lithuania": "LT",
    "netherlands": "NL", "poland": "PL", "portugal": "PT", "romania": "RO", "slovakiaRepublic": "SK",
    "slovenia": "SI", "spain": "ES", "switzerland": "CH", "norway": "NO", "brazil": "BR", "serbia": "RS",
}  # fmt: skip


def kind(country: str) -> Kind:
    found = business_kind(country)
    assert found is not None
    return found


class Stand:
    """A stand-in for VIES on this machine: answers what a test says, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.body: Any = {"isValid": True, "userError": "VALID", "requestIdentifier": "WAPIAAAA", "name": "ACME"}
        stand = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the library's name
                stand.asked.append(self.path)
                told = stand.body if isinstance(stand.body, bytes) else json.dumps(stand.body).encode()
                self.send_response(stand.status)
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def registers(self, _kind: Kind) -> Vies:
        return Vies(self.address, requester="DE136695976")


@pytest.fixture
def vies() -> Iterator[Stand]:
    stand = Stand()
    yield stand
    stand.server.shutdown()
    stand.server.server_close()


class Numbers:
    CASES: ClassVar[list[tuple[str, str, str]]] = [
        ("DE", "de 136 695 976", "DE136695976"),
        ("DE", "136695976", "DE136695976"),
        ("FR", "FR40303265045", "FR40303265045"),
        ("GR", "GR094259216", "EL094259216"),
        ("GR", "094259216", "EL094259216"),
        ("GB", "GB 980 7806 84", "GB980780684"),
        ("CH", "CHE-107.787.577 MWST", "CHE107787577"),
        ("NO", "995 525 828 MVA", "995525828MVA"),
        ("BR", "16.727.230/0001-97", "16727230000197"),
        ("SA", "300 0000 0000 0003", "300000000000003"),
        ("AE", "100-0000-0000-0003", "100000000000003"),
    ]


@pytest.mark.parametrize(("country", "typed", "stored"), Numbers.CASES)
def test_a_number_is_stored_in_one_spelling_however_it_is_typed(country: str, typed: str, stored: str) -> None:
    assert read_tax_id(kind(country), typed) == stored


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("DE", "DE136695977"),
        ("DE", "FR40303265045"),
        ("DE", ""),
        ("DE", "DE"),
        ("DE", "١٣٦٦٩٥٩٧٦"),
        ("GB", "GB980780685"),
        ("BR", "11.111.111/1111-11"),
        ("SA", "400000000000003"),
        ("AE", "10000000000000"),
        ("PH", "12345"),
    ],
)
def test_a_number_that_cannot_be_right_is_refused_in_a_sentence(country: str, typed: str) -> None:
    with pytest.raises(TaxIdRefused) as refusal:
        read_tax_id(kind(country), typed)
    assert str(refusal.value).startswith("This is not a valid ")


@pytest.mark.parametrize(
    ("country", "code", "typed", "reason"),
    [
        ("BR", "cpf", "111.111.111-11", "CPF_INVALID"),
        ("BR", "cpf", "390.533.447-06", "CPF_INVALID"),
        ("KR", "pccc", "M123456789012", "PCCC_FORMAT"),
        ("KR", "pccc", "P12345678901", "PCCC_FORMAT"),
        ("MX", "rfc", "ABC", "RFC_INVALID"),
    ],
)
def test_identity_numbers_are_refused_by_their_own_names(country: str, code: str, typed: str, reason: str) -> None:
    with pytest.raises(TaxIdRefused) as refusal:
        read_tax_id(IDENTITIES[country, code], typed)
    assert refusal.value.reason == reason


def test_identity_numbers_are_asked_only_where_the_market_needs_them() -> None:
    (brazil,) = identity_kinds("BR", ["cpf"])
    assert (brazil.is_required, [one.code for one in brazil.kinds]) == (True, ["cpf"])
    (mexico,) = identity_kinds("MX", ["rfc_or_curp"])
    assert [one.code for one in mexico.kinds] == ["rfc", "curp"]
    (italy,) = identity_kinds("IT", ["codice_fiscale_optional"])
    assert italy.is_required is False
    assert identity_kinds("DE", []) == ()
    assert identity_kinds("SA", ["national_address_optional"]) == ()
    for one in IDENTITIES.values():
        if one.example:
            assert read_tax_id(one, one.example)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the data folder is not here")
def test_the_collected_samples_are_judged_as_their_collectors_did() -> None:
    told = json.loads(SAMPLES.read_text())
    accepted = sum(
        1 for name, country in COUNTRIES.items() for number in told[name]["valid"] if can_be(country, number)
    )
    total = sum(len(told[name]["valid"]) for name in COUNTRIES)
    assert accepted == total
    for name, country in COUNTRIES.items():
        if name in ("belgium", "switzerland"):  # newer Belgian numbers begin with 1; signs are left out of Swiss ones
            continue
        assert [number for number in told[name]["invalid"] if can_be(country, number)] == [], name


def can_be(country: str, number: str) -> bool:
    try:
        read_tax_id(kind(country), number)
    except TaxIdRefused:
        return False
    return True


@pytest.mark.django_db
def test_a_clear_yes_is_kept_with_its_proof_and_not_asked_twice(vies: Stand) -> None:
    row = check_tax_id(kind=kind("FR"), typed="FR 40 303 265 045", reference="c1", registers=vies.registers)
    assert (row.status, row.number, row.consultation_ref) == ("valid", "FR40303265045", "WAPIAAAA")
    assert vies.asked == ["/ms/FR/vat/40303265045?requesterMemberStateCode=DE&requesterNumber=136695976"]
    assert len(row.response_hash) == 64
    assert row.evidence["name"] == "ACME"
    fact = buyer_fact(row)
    assert (fact.is_business, fact.tax_id_country) == (True, "FR")
    check_tax_id(kind=kind("FR"), typed="FR40303265045", reference="c1", registers=vies.registers)
    assert len(vies.asked) == 1
    entry = AuditEntry.objects.get(action="buyer_tax_id.check")
    assert "40303265045" not in json.dumps(entry.data)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, {"isValid": False, "userError": "INVALID"}, "invalid"),
        (200, {"isValid": False, "userError": "MS_UNAVAILABLE"}, "unavailable"),
        (200, {"isValid": False, "userError": "MS_MAX_CONCURRENT_REQ"}, "unavailable"),
        (200, {"actionSucceed": False, "errorWrappers": [{"error": "SERVICE_UNAVAILABLE"}]}, "unavailable"),
        (500, {"isValid": True}, "unavailable"),
        (200, b"<html>down for maintenance</html>", "unavailable"),
        (200, [], "unavailable"),
    ],
)
def test_only_a_clear_answer_counts(vies: Stand, status: int, body: Any, expected: str) -> None:
    vies.status, vies.body = status, body
    row = check_tax_id(kind=kind("FR"), typed="FR40303265045", reference="c1", registers=vies.registers)
    assert row.status == expected
    assert buyer_fact(row).is_business is False


@pytest.mark.django_db
def test_a_silent_register_is_asked_again_later_and_the_order_learns_of_it(vies: Stand) -> None:
    row = check_tax_id(
        kind=kind("FR"), typed="FR40303265045", reference="N-1", registers=lambda _kind: Vies("http://127.0.0.1:9")
    )
    assert (row.status, row.attempts) == ("unavailable", 1)
    assert row.next_try_at is not None
    assert row.next_try_at > timezone.now()
    assert retry_unavailable(registers=vies.registers) == 0
    BuyerTaxId.objects.update(next_try_at=timezone.now() - timedelta(minutes=1))
    assert retry_unavailable(registers=vies.registers) == 1
    now = BuyerTaxId.objects.get(pk=row.pk)
    assert (now.status, now.next_try_at) == ("valid", None)


@pytest.mark.django_db
def test_without_a_register_a_business_is_never_taken_for_valid_until_an_operator_holds_the_proof() -> None:
    row = check_tax_id(kind=kind("GB"), typed="GB980780684", reference="c1")
    assert (row.status, row.next_try_at) == ("unavailable", None)
    confirm_tax_id(tax_id=row.pk, is_valid=True, consultation_ref="HMRC-77", reason="asked by hand")
    row.refresh_from_db()
    assert (row.status, row.checked_by, buyer_fact(row).is_business) == ("valid", "operator", True)


@pytest.mark.django_db
def test_a_number_that_cannot_be_right_is_not_kept_and_nobody_is_asked(vies: Stand) -> None:
    with pytest.raises(TaxIdRefused):
        check_tax_id(kind=kind("FR"), typed="FR1", reference="c1", registers=vies.registers)
    assert (vies.asked, BuyerTaxId.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_inside_a_transaction_nobody_is_asked_and_a_clear_answer_of_today_is_taken_over(vies: Stand) -> None:
    waiting = note_tax_id(kind=kind("FR"), typed="FR40303265045", reference="N-1")
    assert (waiting.status, vies.asked) == ("unavailable", [])
    assert waiting.next_try_at is not None
    check_tax_id(kind=kind("FR"), typed="FR40303265045", reference="c1", registers=vies.registers)
    taken = note_tax_id(kind=kind("FR"), typed="FR40303265045", reference="N-2")
    assert (taken.status, taken.consultation_ref, len(vies.asked)) == ("valid", "WAPIAAAA", 1)
    cpf = note_tax_id(kind=IDENTITIES["BR", "cpf"], typed="390.533.447-05", reference="N-3")
    assert (cpf.status, cpf.checked_by) == ("valid", "digits")


@pytest.mark.django_db
def test_an_order_keeps_a_row_of_its_own(vies: Stand) -> None:
    row = check_tax_id(kind=kind("FR"), typed="FR40303265045", reference="checkout-1", registers=vies.registers)
    frozen = attach_to_order(tax_id=row.pk, number="N-7")
    assert attach_to_order(tax_id=row.pk, number="N-7").pk == frozen.pk
    assert (frozen.reference, frozen.status, frozen.consultation_ref) == ("N-7", "valid", "WAPIAAAA")
    assert frozen.masked.endswith("045")
    assert "FR40303265" not in str(frozen)
