"""What an address and the page before it tell of the way somebody came."""

from datetime import UTC, datetime

import pytest

from orders.origins import Touch, read_touch, touch_of

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def touch(referrer: str = "", **params: str) -> Touch | None:
    return touch_of(params, referrer=referrer, host="shop.example:8000", path="/de/de/kettles/", at=NOW)


@pytest.mark.parametrize("referrer", ["", "https://shop.example/de/de/", "https://www.shop.example/", "http://[", "x"])
def test_a_typed_address_and_a_page_of_ours_are_no_way_in(referrer: str) -> None:
    assert touch(referrer) is None


def test_of_another_site_only_the_host_is_kept() -> None:
    found = touch("https://www.journal.example/users/17?query=private#part")

    assert found is not None
    assert (found.referrer, found.landing, found.label) == ("journal.example", "/de/de/kettles/", "journal.example")


def test_the_campaign_names_the_order_before_its_source_and_the_site() -> None:
    link = {"utm_source": "newsletter", "utm_medium": "email"}
    found = touch("https://mail.example/", **link, utm_campaign="Autumn")
    assert found is not None
    assert found.label == "Autumn"
    found = touch("https://mail.example/", **link)
    assert found is not None
    assert found.label == "newsletter"


def test_what_a_link_says_is_cut_and_holds_no_letters_that_cannot_be_printed() -> None:
    found = touch(utm_campaign="a\0b\x1b" + "c" * 500, other="x")

    assert found is not None
    assert found.campaign == "ab" + "c" * 98
    assert len(found.label) == 80


def test_what_is_stored_reads_back_the_same() -> None:
    found = touch("https://search.example/", utm_term="kettle", gclid="abc")

    assert found is not None
    assert found.as_json() == {
        "at": "2026-11-02T09:30:00+00:00",
        "landing": "/de/de/kettles/",
        "referrer": "search.example",
        "term": "kettle",
        "clicks": {"gclid": "abc"},
    }
    assert read_touch(found.as_json()) == found
