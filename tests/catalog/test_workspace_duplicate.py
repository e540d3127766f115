"""A copy of a product: a draft with the chosen parts, and nothing that belongs to the original alone."""

import pytest
from django.test import Client
from django.urls import reverse

from catalog.actions import put_attribute, set_components, set_details
from catalog.actions.duplicating import PARTS, duplicate_product
from catalog.actions.media import set_gallery, set_variant_pictures
from catalog.actions.products import offer_product
from catalog.drafts import Detail, GalleryPicture
from catalog.errors import CodeTaken, SkusTaken
from catalog.models import Product, Route, Variant
from tests.admin.people import operator, shopper, text
from tests.factories.catalog import approved_review, make_product, option, picture
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def cup() -> Product:
    small_world("de", "jp")
    option("colour", {"ink": "#111111", "bone": "#eeeeee"}, input="swatch")
    product = make_product(
        "cup",
        names={"en": "Cup", "de": "Tasse"},
        category="kitchen",
        options={"colour": ("ink", "bone")},
        draft={"tags": ("gift",), "texts": {"summary": {"en": "A cup", "de": "Eine Tasse"}}},
        variant={"gtin": ""},
    )
    put_attribute(code="care", names={"en": "Care"}, data_type="text")
    set_details(product_id=product.pk, details=[Detail(attribute="care", text={"en": "By hand"})])
    shot = picture("cup-front")
    set_gallery(product_id=product.pk, pictures=[GalleryPicture(asset_id=shot.pk)])
    ink = product.variants.get(sku="CUP-INK")
    Variant.objects.filter(pk=ink.pk).update(gtin="4006381333931", sku_fixed=True)
    set_variant_pictures(variant_id=ink.pk, asset_ids=[shot.pk])
    offer_product(product_id=product.pk, market_code="jp", visible=False, copy_html="<p>Only here</p>")
    approved_review(product)
    return product


def copy_of(cup: Product, *parts: str) -> Product:
    made = duplicate_product(product_id=cup.pk, code="cup-2", name="Cup", sku_pattern="{sku}-2", parts=parts)
    return Product.objects.get(pk=made.pk)


def test_a_whole_copy_is_a_draft_with_everything_but_what_is_the_originals_own(cup: Product) -> None:
    made = copy_of(cup, *PARTS)
    assert (made.status, made.tags, made.primary_category) == ("draft", ["gift"], cup.primary_category)
    assert (made.text("name", "de"), made.text("summary", "de")) == ("Tasse", "Eine Tasse")
    skus = dict(made.variants.values_list("sku", "signature"))
    assert skus == {"CUP-INK-2": "colour=ink", "CUP-BONE-2": "colour=bone"}
    ink = made.variants.get(sku="CUP-INK-2")
    assert (ink.gtin, ink.sku_fixed, ink.weight_g, ink.hs_code) == ("", False, 500, "691200")
    assert ink.option_values.get().product_id == made.pk
    assert ink.prices.count() == 2
    assert made.media.count() == made.attributes.count() == made.offers.count() == 1
    assert made.offers.get().copy_override_html == "<p>Only here</p>"
    assert (made.rating_count, made.reviews.count()) == (0, 0)
    assert Route.objects.filter(product=made, current=True, language="en").exclude(slug="cup").exists()
    assert Route.objects.get(product=cup, current=True, language="en").slug == "cup"


def test_parts_that_were_not_asked_for_stay_behind(cup: Product) -> None:
    made = copy_of(cup)
    assert (made.name, made.summary, made.text("name", "de")) == ("Cup", "", "Cup")
    assert not made.media.exists()
    assert not made.attributes.exists()
    assert not made.offers.exists()
    assert not any(variant.prices.exists() for variant in made.variants.all())
    assert made.variants.count() == 2


def test_a_set_keeps_its_components(cup: Product) -> None:
    box = make_product("box", draft={"kind": "bundle"}, active=False)
    parts = {variant.pk: 2 for variant in cup.variants.all()}
    set_components(bundle_variant_id=box.variants.get().pk, components=parts)
    made = duplicate_product(product_id=box.pk, code="box-2", name="Box", sku_pattern="{sku}-2", parts=())
    assert dict(made.variants.get().components.values_list("component_variant_id", "quantity")) == parts


def test_codes_and_skus_that_are_taken_make_no_copy(cup: Product) -> None:
    with pytest.raises(CodeTaken):
        duplicate_product(product_id=cup.pk, code="cup", name="Cup", sku_pattern="{sku}-2", parts=())
    make_product("other", variant={"sku": "CUP-INK-2"})
    with pytest.raises(SkusTaken):
        copy_of(cup)
    assert not Product.objects.filter(code="cup-2").exists()


def test_the_form_makes_the_copy_and_leads_to_it(cup: Product) -> None:
    browser = operator("catalog.add_product", "catalog.view_product")
    address = reverse("admin:catalog_duplicate", args=[cup.pk])
    asked = browser.get(address)
    assert 'value="cup-copy"' in text(asked)
    answers = {"code": "cup-copy", "name": "Cup", "sku_pattern": "{sku}-COPY", "parts": ["texts", "prices"]}
    answer = browser.post(address, answers)
    made = Product.objects.get(code="cup-copy")
    assert answer["Location"] == reverse("admin:catalog_product_change", args=[made.pk])
    refused = browser.post(address, answers | {"sku_pattern": "SAME"})
    assert refused.status_code == 422
    assert "must contain {sku}" in text(refused)
    taken = browser.post(address, answers)
    assert "Another product has this code." in text(taken)


def test_only_those_who_may_add_products_copy_them(cup: Product) -> None:
    address = reverse("admin:catalog_duplicate", args=[cup.pk])
    assert operator("catalog.view_product", "catalog.change_product").post(address).status_code == 403
    for nobody in (Client(), shopper()):
        assert nobody.get(address).status_code == 302
    assert Product.objects.count() == 1
