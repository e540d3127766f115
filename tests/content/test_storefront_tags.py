"""The template tags: what a reader of a language sees, and what the page is protected from."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override

from catalog.types import Facet, FacetValue
from core.money import Money


def render(source: str, language: str = "en", **values: object) -> str:
    with override(language):
        return Template("{% load storefront %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("language", "amount", "shown"),
    [
        ("en", Money("1234.50", "EUR"), "€1,234.50"),
        ("de", Money("1234.50", "EUR"), "1.234,50\xa0€"),
        ("ja", Money("1200", "JPY"), "¥1,200"),
    ],
)
def test_an_amount_is_written_for_its_reader_and_isolated(language: str, amount: Money, shown: str) -> None:
    assert render("{% money amount %}", language, amount=amount).replace("￥", "¥") == f"<bdi>{shown}</bdi>"


def test_an_arabic_amount_keeps_latin_digits() -> None:
    assert "149" in render("{% money amount %}", "ar", amount=Money("149.00", "AED"))


def test_a_reduction_has_one_minus_whatever_its_sign() -> None:
    both = {render("{% minus amount %}", amount=Money(sign + "5.00", "EUR")) for sign in ("", "-")}
    assert both == {"<bdi>−€5.00</bdi>"}


def test_a_missing_amount_shows_nothing() -> None:
    assert render("{% money amount %}", amount=None) == ""


def test_an_icon_flips_only_when_told() -> None:
    assert 'class="i flip"' in render('{% icon "arrow" flip=True %}')
    assert 'class="i"' in render('{% icon "clock" %}')


def test_a_colour_cannot_leave_its_attribute() -> None:
    assert "<script>" not in render("{% swatch colour %}", colour='#fff"><script>alert(1)</script>')


def test_stars_say_the_rating_in_words() -> None:
    shown = render("{% stars rating 212 %}", rating=Decimal("4.6"))
    assert "4.6 out of 5, 212 reviews" in shown
    assert 'width="92"' in shown


def test_structured_data_cannot_close_its_element() -> None:
    shown = render("{% json_ld facts %}", facts={"name": "</script><script>alert(1)</script>"})
    assert shown.count("</script>") == 1


@pytest.mark.parametrize(("part", "percent"), [(0, 0), (71, 70), (99, 95), (100, 100), (250, 100)])
def test_a_meter_is_full_only_when_it_is(part: int, percent: int) -> None:
    assert render("{% at part 100 %}", part=part) == f"at-{percent}"


def test_nothing_wanted_is_a_full_meter() -> None:
    assert render("{% at 5 0 %}") == "at-100"


@pytest.mark.parametrize(
    ("states", "drawn"),
    [
        (["here", "next", "next"], "at-0"),
        (["done", "here", "next", "next"], "at-2-of-4"),
        (["done", "done", "here"], "at-100"),
        (["done", "done"], "at-100"),
        (["next", "next"], "at-0"),
    ],
)
def test_a_route_is_drawn_up_to_where_things_are(states: list[str], drawn: str) -> None:
    assert render("{% route_progress states %}", states=states) == drawn


def test_a_day_is_marked_up_for_machines() -> None:
    shown = render('{% day value "long" %}', "de", value=date(2026, 12, 1))
    assert shown == '<time datetime="2026-12-01">1. Dezember 2026</time>'


def test_a_moment_says_its_time() -> None:
    assert "11:36" in render('{% day value "moment" %}', "de", value=datetime(2026, 11, 25, 11, 36, tzinfo=UTC))


def test_one_day_is_no_range() -> None:
    assert render("{% day_range first first %}", first=date(2026, 12, 1)) == render(
        "{% day_range first last %}", first=date(2026, 12, 1), last=date(2026, 12, 1)
    )


def test_a_language_is_named_in_the_readers_language() -> None:
    assert render('{{ "ja"|language_name }}', "de") == "Japanisch"
    assert render('{{ "pt-br"|language_name }}', "en") == "Brazilian Portuguese"


def test_a_component_sees_its_inputs_only_and_shows_its_body_unescaped_once() -> None:
    shown = render(
        '{% component "disclosure" title="Care" %}<p>{{ words }}</p>{% endcomponent %}', words="<b>", open=True
    )
    assert "<p>&lt;b&gt;</p>" in shown
    assert "<summary>Care</summary>" in shown
    assert " open" not in shown


def facet(**facts: object) -> Facet:
    return Facet("colour", "Colour", "values", **facts)


def test_a_used_filter_is_recognised() -> None:
    chosen = FacetValue(key="1", label="Pine", count=3, selected=True)
    assert render("{{ facet|is_used }}", facet=facet(values=(chosen,))) == "True"
    assert render("{{ facet|is_used }}", facet=facet()) == "False"
    assert render("{{ facet|is_used }}", facet=facet(selected_low=Decimal(5))) == "True"


def test_bars_outside_the_chosen_prices_are_quiet() -> None:
    prices = Facet(
        "price",
        "Price",
        "range",
        low=Decimal(0),
        high=Decimal(100),
        selected_low=Decimal(50),
        selected_high=Decimal(100),
        histogram=(10, 20, 30, 40),
    )
    assert render("{% histogram facet %}", facet=prices).count('class="in"') == 2
