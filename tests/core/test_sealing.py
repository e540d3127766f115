"""What is sealed cannot be read without a key, opens with every key at hand, and is sealed anew with the newest."""

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from core.sealing import SealBroken, fingerprint, fingerprints, seal, unseal
from markets.models import BuyerTaxId


@given(st.text(min_size=1, max_size=60).filter(lambda text: "\x00" not in text))
def test_what_is_sealed_opens_to_itself_and_shows_nothing(text: str) -> None:
    sealed = seal(text)

    assert unseal(sealed) == text
    assert sealed != seal(text)
    assert text not in sealed.removeprefix("s1:") or len(text) < 4
    assert len(fingerprint(text)) == 64


def test_nothing_stays_nothing_and_what_was_never_sealed_is_read_as_it_is() -> None:
    assert (seal(""), unseal(""), fingerprint("")) == ("", "", "")
    assert unseal("39053344705") == "39053344705"


def test_a_new_key_seals_and_the_old_one_still_opens(settings: Any) -> None:
    settings.SEALING_KEYS = ["old-key"]
    before, printed = seal("39053344705"), fingerprint("39053344705")
    settings.SEALING_KEYS = ["new-key", "old-key"]

    assert unseal(before) == "39053344705"
    assert seal("39053344705").split(":")[1] != before.split(":")[1]
    assert fingerprints("39053344705")[1] == printed != fingerprint("39053344705")


def test_without_its_key_or_altered_a_value_stays_shut(settings: Any) -> None:
    settings.SEALING_KEYS = ["old-key"]
    sealed = seal("39053344705")
    with pytest.raises(SealBroken):
        unseal(sealed[:-4] + "AAAA")
    settings.SEALING_KEYS = ["new-key"]
    with pytest.raises(SealBroken):
        unseal(sealed)


def test_keys_come_from_the_secret_key_where_there_are_none(settings: Any) -> None:
    settings.SEALING_KEYS, settings.SECRET_KEY = [], "first"
    sealed = seal("1")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second", ["first"]
    assert unseal(sealed) == "1"


def stored() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, number_print FROM markets_buyertaxid ORDER BY id")
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_a_field_is_sealed_in_the_database_and_plain_outside() -> None:
    row = BuyerTaxId.objects.create(reference="N-1", country="BR", kind="cpf", number="39053344705")

    ((number, printed),) = stored()
    assert number.startswith("s1:")
    assert "39053344705" not in number
    assert printed == fingerprint("39053344705")
    row.refresh_from_db()
    assert row.number == "39053344705"
    assert list(BuyerTaxId.objects.values_list("number", flat=True)) == ["39053344705"]
    assert BuyerTaxId.objects.numbered("39053344705").get() == row
    with pytest.raises(FieldError):
        BuyerTaxId.objects.filter(number="39053344705").exists()


@pytest.mark.django_db
def test_everything_is_sealed_anew_with_the_newest_key_in_batches(settings: Any) -> None:
    settings.SEALING_KEYS = ["old-key"]
    for at in range(5):
        BuyerTaxId.objects.create(reference=f"N-{at}", country="BR", kind="cpf", number=f"3905334470{at}")
    settings.SEALING_KEYS = ["new-key", "old-key"]
    BuyerTaxId.objects.create(reference="N-9", country="BR", kind="cpf", number="39053344709")
    told = StringIO()

    call_command("reseal", batch=2, stdout=told)

    assert "markets.BuyerTaxId.number: 5 rows" in told.getvalue()
    settings.SEALING_KEYS = ["new-key"]
    assert sorted(row.number for row in BuyerTaxId.objects.all())[:2] == ["39053344700", "39053344701"]
    assert BuyerTaxId.objects.numbered("39053344703").get().reference == "N-3"
    told = StringIO()
    call_command("reseal", stdout=told)
    assert "markets.BuyerTaxId.number: 0 rows" in told.getvalue()
