"""Contention is tried again, everything else is not."""

import pytest
from django.db import OperationalError, connection, transaction

from core.retries import Busy, again_when_contended

LOCK_LOST = "DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '55P03'; END $$"
OTHER = "DO $$ BEGIN RAISE EXCEPTION 'disk' USING ERRCODE = '53100'; END $$"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("losses", "tries"), [(0, 1), (2, 3)])
def test_an_action_that_lost_is_done_in_the_end(losses: int, tries: int) -> None:
    calls = []

    @again_when_contended
    def act() -> str:
        calls.append(1)
        with transaction.atomic(), connection.cursor() as cursor:
            if len(calls) <= losses:
                cursor.execute(LOCK_LOST)
        return "done"

    assert act() == "done"
    assert len(calls) == tries


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("sql", "refusal", "tries"), [(LOCK_LOST, Busy, 3), (OTHER, OperationalError, 1)])
def test_it_gives_up_with_a_sentence_and_never_hides_other_trouble(
    sql: str, refusal: type[Exception], tries: int
) -> None:
    calls = []

    @again_when_contended
    def act() -> None:
        calls.append(1)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    with pytest.raises(refusal):
        act()
    assert len(calls) == tries
