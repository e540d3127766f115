"""The product page: combinations, facts, prices, reviews, addresses."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import actions
from catalog.drafts import Detail, GalleryPicture, ProductDraft
from catalog.errors import MovedTo, NotFound
from catalog.models import Variant
from catalog.picker import Version, choose, selector_json, state_of
from catalog.queries import product_page
from catalog.selling import sellables
from markets.queries import market_by_code
from tests.factories.catalog import approved_review, make_product, option, picture
from tests.factories.markets import small_world
from tests.shared_world import shared_world

VERSIONS = st.lists(
    st.tuples(st.integers(1, 3), st.integers(11, 13), st.booleans()), min_size=1, max_size=9, unique_by=lambda v: v[:2]
)


def versions_of(rows):
    return [Version(number, f"SKU-{number}", {1: a, 2: b}, ok) for number, (a, b, ok) in enumerate(rows)]


@given(rows=VERSIONS, chosen=st.tuples(st.integers(1, 3), st.integers(11, 13)))
def test_every_choice_says_what_it_leads_to(rows, chosen):
    versions = versions_of(rows)
    stock = {(a, b): ok for a, b, ok in rows}
    for kind, value in itertools.chain(((1, v) for v in (1, 2, 3)), ((2, v) for v in (11, 12, 13))):
        pair = (value, chosen[1]) if kind == 1 else (chosen[0], value)
        expected = "impossible" if pair not in stock else ("available" if stock[pair] else "sold_out")
        assert state_of(versions, {1: chosen[0], 2: chosen[1]}, kind, value) == expected


@given(rows=VERSIONS, wanted=st.dictionaries(st.sampled_from([1, 2]), st.integers(1, 13), max_size=2))
def test_what_was_asked_for_stays_chosen(rows, wanted):
    versions = versions_of(rows)
    choice = choose(versions, wanted=wanted)
    assert wanted.items() <= choice.values.items()
    fitting = [version for version in versions if wanted.items() <= version.values.items()]
    if fitting:
        assert choice.version in fitting
        assert choice.version.can_be_bought or not any(version.can_be_bought for version in fitting)
    else:
        assert choice.version is None


def test_a_sku_chooses_its_variant_and_too_many_are_not_sent_along():
    versions = versions_of([(1, 11, True), (2, 12, False)])
    assert choose(versions, sku="sku-1").version is versions[1]
    assert json.loads(selector_json(versions)) == {"1,11": [0, 1], "2,12": [1, 0]}
    assert selector_json(versions * 1001) == ""


@shared_world
def kettle():
    small_world("de", "us", "jp")
    option("colour", {"ink": "#2c2f2e", "bone": "#d9d2c3"}, input="swatch")
    option("capacity", {"0.6l": None, "0.9l": None})
    actions.put_category(code="kitchen", texts={"name": {"en": "Kitchen", "de": "Küche"}})
    actions.put_category(code="kettles", texts={"name": {"en": "Kettles", "de": "Kessel"}}, parent="kitchen")
    actions.put_maker(
        code="kesen", name="Kesen KK", postal_address="1 Kiln Road\nTsubame", country="JP", email="hello@kesen.example"
    )
    actions.put_maker(
        code="eu",
        name="Meridian Handels GmbH",
        postal_address="Hafenstr. 1\n04109 Leipzig",
        country="DE",
        email="safety@meridian.example",
    )
    actions.put_brand(code="kesen", name="Kesen")
    actions.put_attribute(code="material", names={"en": "Material"}, data_type="enum", filterable=True)
    actions.put_attribute_option(attribute="material", code="steel", names={"en": "Steel", "de": "Stahl"})
    return make_product(
        "kettle",
        names={"en": "Kettle", "de": "Wasserkessel"},
        category="kettles",
        options={"colour": ("ink", "bone"), "capacity": ("0.6l", "0.9l")},
        combinations=[
            {"colour": "ink", "capacity": "0.6l"},
            {"colour": "ink", "capacity": "0.9l"},
            {"colour": "bone", "capacity": "0.6l"},
        ],
        prices={"de": ["99.00", "128.00", "99.00"]},
        stock=[3, 20, 0],
        details=[Detail(attribute="material", options=("steel",))],
        draft={
            "brand": "kesen",
            "maker": "kesen",
            "responsible_person": "eu",
            "model_code": "KG-1",
            "texts": {
                "safety_warnings": {"de": "Heißer Dampf.\nNicht für Kinder."},
                "selling_points": {"de": "Ruhiger Strahl\n\nEichengriff"},
            },
        },
        variant={
            "length_mm": 290,
            "width_mm": 150,
            "height_mm": 205,
            "weight_g": 640,
            "content_amount": 1,
            "content_unit": "kg",
        },
    )


@pytest.fixture
def de(kettle):
    return market_by_code("de", language="de")


def test_the_first_variant_that_can_be_bought_is_chosen(de, kettle):
    page = product_page(de, "wasserkessel", {})
    assert (page.sku, page.options_text, page.stock_state, page.max_quantity) == (
        "KETTLE-INK-0.6L",
        "Ink · 0.6L",
        "low",
        3,
    )
    assert str(page.price.now.amount.normalize()) == "99"
    assert page.url == "/de/de/p/wasserkessel/?colour=ink&capacity=0.6l"
    assert page.canonical_url == "/de/de/p/wasserkessel/"


def test_options_know_what_is_sold_out_and_what_is_never_made(de, kettle):
    page = product_page(de, "wasserkessel", {"colour": ["ink"], "capacity": ["0.9l"]})
    states = {(p.key, c.value_key): c.state for p in page.pickers for c in p.choices}
    assert states == {
        ("colour", "ink"): "available",
        ("colour", "bone"): "impossible",
        ("capacity", "0.6l"): "available",
        ("capacity", "0.9l"): "available",
    }
    assert [p.input for p in page.pickers] == ["swatch", "button"]
    assert page.stock_state == "in_stock"
    assert page.stock_place == "leipzig"
    sold_out = product_page(de, "wasserkessel", {"variant": ["kettle-bone-0.6l"]})
    assert (sold_out.stock_state, sold_out.max_quantity, sold_out.stock_place) == ("out", 0, None)


def test_an_impossible_combination_stays_chosen_and_cannot_be_bought(de, kettle):
    page = product_page(de, "wasserkessel", {"colour": ["bone"], "capacity": ["0.9l"]})
    assert (page.variant_id, page.stock_state, page.max_quantity) == (None, "out", 0)
    assert [picker.selected_label for picker in page.pickers] == ["Bone", "0.9L"]
    assert page.price.from_price


def test_the_facts_are_complete_and_in_the_language(de, kettle):
    page = product_page(de, "wasserkessel", {})
    assert page.selling_points == ("Ruhiger Strahl", "Eichengriff")
    details = {fact.label: fact.value for fact in page.details}
    assert details == {"Material": "Stahl", "Made in": "Japan"}
    assert {fact.label: fact.value for fact in page.dimensions} == {"Size": "29 × 15 × 20.5 cm", "Weight": "640 g"}
    safety = [(fact.label, fact.value) for fact in page.safety]
    assert ("Manufacturer", "Kesen KK, 1 Kiln Road, Tsubame, Japan, hello@kesen.example") in safety
    assert ("Model", "KG-1") in safety
    assert [value for label, value in safety if label == "Warning"] == ["Heißer Dampf.", "Nicht für Kinder."]
    assert [crumb.label for crumb in page.crumbs][1:] == ["Küche", "Kessel", "Wasserkessel"]
    assert page.menu_key == "kitchen"
    assert page.alternates["de"] == "p/wasserkessel/"
    assert page.alternates["en"] == "p/kettle/"
    assert page.tax_note == "tax_and_duty_included"
    assert page.price.unit is not None


def test_structured_data_names_the_offer(de, kettle):
    data = product_page(de, "wasserkessel", {"variant": ["KETTLE-INK-0.9L"]}).json_ld
    assert data["brand"] == {"@type": "Brand", "name": "Kesen"}
    assert (data["offers"]["price"], data["offers"]["priceCurrency"]) == ("128", "EUR")
    assert data["offers"]["availability"].endswith("InStock")


def test_pictures_of_the_chosen_variant_come_first_and_of_others_not_at_all(de, kettle):
    assets = {name: picture(name) for name in ("front", "ink", "bone", "scale")}
    roles = {"scale": "scale"}
    actions.set_gallery(
        product_id=kettle.pk,
        pictures=[GalleryPicture(asset_id=assets[name].pk, role=roles.get(name, "gallery")) for name in assets],
    )
    ink, _large, bone = kettle.variants.order_by("position")
    actions.set_variant_pictures(variant_id=ink.pk, asset_ids=[assets["ink"].pk])
    actions.set_variant_pictures(variant_id=bone.pk, asset_ids=[assets["bone"].pk])
    page = product_page(de, "wasserkessel", {"variant": [ink.sku]})
    assert [one.alt for one in page.pictures] == ["Picture ink", "Picture front", "Picture scale"]
    assert page.scale_picture.alt == "Picture scale"


def test_old_slugs_and_slugs_of_other_languages_lead_to_the_current_one(de, kettle):
    with pytest.raises(MovedTo) as moved:
        product_page(de, "kettle", {})
    assert moved.value.slug == "wasserkessel"
    actions.update_product(
        product_id=kettle.pk,
        draft=ProductDraft(
            code="kettle",
            product_type="goods",
            options=("colour", "capacity"),
            texts={"name": {"de": "Kessel mit Griff"}},
        ),
    )
    with pytest.raises(MovedTo) as moved:
        product_page(de, "wasserkessel", {})
    assert moved.value.slug == "kessel-mit-griff"


def test_what_is_not_offered_in_a_market_is_not_found_there(de, kettle):
    with pytest.raises(NotFound):
        product_page(market_by_code("jp", language="en"), "kettle", {})
    with pytest.raises(NotFound):
        product_page(de, "nothing", {})


def test_reviews_are_shown_in_the_readers_language_with_the_original_kept(de, kettle):
    approved_review(
        kettle,
        rating=5,
        language="ja",
        title="最高",
        body="とても良い",
        translations={"de": {"title": "Bestens", "body": "Sehr gut"}},
    )
    approved_review(kettle, rating=3, language="de", title="Gut")
    page = product_page(de, "wasserkessel", {})
    translated = next(review for review in page.reviews if review.language == "ja")
    assert (translated.title, translated.translated, translated.original_title) == ("Bestens", True, "最高")
    spread = [(one.stars, one.count, one.percent) for one in page.review_summary.distribution]
    assert spread == [(5, 1, 50), (4, 0, 0), (3, 1, 50), (2, 0, 0), (1, 0, 0)]
    only = product_page(de, "wasserkessel", {"reviews": ["ja"]})
    assert [review.language for review in only.reviews] == ["ja"]
    assert [(one.code, one.count, one.selected) for one in only.review_summary.languages] == [
        ("", 2, False),
        ("de", 1, False),
        ("ja", 1, True),
    ]


def test_related_products_share_shelves(de, kettle):
    make_product("pot", category="kettles", prices={"de": "10.00"})
    make_product("lamp", category="lamps", prices={"de": "10.00"})
    page = product_page(de, "wasserkessel", {})
    assert [card.name for card in page.related] == ["Pot"]


def test_the_cart_learns_what_it_needs(de, kettle):
    ink = Variant.objects.get(sku="KETTLE-INK-0.6L")
    found = sellables([ink.pk, 999_999], "de", "de")
    assert set(found) == {ink.pk}
    one = found[ink.pk]
    assert (one.name, one.options_text, one.weight_g, one.hs_code, one.origin) == (
        "Wasserkessel",
        "Ink · 0.6L",
        640,
        "691200",
        "JP",
    )
    assert (one.is_sellable, one.requires_shipping, one.tax_category) == (True, True, "standard")
    assert one.product_url == "/de/de/p/wasserkessel/?variant=KETTLE-INK-0.6L"
    assert not sellables([ink.pk], "jp", "ja")[ink.pk].is_sellable
