"""States under the names of a market or country; the states themselves stay what they are."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from markets.cache import forget
from orders.models import StationWording
from orders.page import build_status
from orders.station_words import Called, StationWords, called
from tests.admin.worlds import an_order

KNOWN = {
    ("de", "", "de", "paid"): Called("Bezahlt (Markt)", ""),
    ("", "AT", "de", "paid"): Called("Bezahlt (Land)", ""),
    ("de", "AT", "de", "paid"): Called("Bezahlt (beides)", ""),
}


@pytest.mark.parametrize(
    ("market", "country", "language", "wanted"),
    [
        ("de", "DE", "de", "Bezahlt (Markt)"),
        ("de", "AT", "de", "Bezahlt (beides)"),
        ("at", "AT", "de", "Bezahlt (Land)"),
        ("at", "CH", "de", None),
        ("de", "DE", "en", None),
    ],
)
def test_the_words_that_fit_best_win(market: str, country: str, language: str, wanted: str | None) -> None:
    found = called("paid", market=market, country=country, language=language, known=KNOWN)

    assert (found.label if found else None) == wanted


@pytest.mark.django_db
def test_an_order_is_shown_in_the_words_of_its_market() -> None:
    order = an_order(1)
    with translation.override("de"):
        before = build_status(order, secret="s", undecided=False)
        StationWording.objects.create(market=order.market, language="de", station="paid", label="Eingegangen")
        forget()
        after = build_status(order, secret="s", undecided=False)

    assert (before.key, after.key) == ("paid", "paid")
    assert after.label == "Eingegangen" != before.label
    assert after.sentence == before.sentence
    assert [stage.label for stage in after.stages if stage.key == "paid"] == ["Eingegangen"]
    with translation.override("en"):
        assert StationWords(market=order.market, country=order.country).label("paid") != "Eingegangen"


@pytest.mark.django_db
def test_words_for_nowhere_are_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StationWording.objects.create(language="de", station="paid", label="Eingegangen")
