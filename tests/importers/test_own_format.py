"""Our own table: everything goes out and comes back, and what comes back changes nothing."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog import actions
from catalog.actions.products import set_components
from catalog.drafts import AttributePlace, Detail, GalleryPicture, ProductDraft, VariantDraft
from catalog.models import Product, Variant
from core.models import JobItem
from core.money import Money
from inventory.actions import receive_stock
from markets.models import Market
from tests.factories.catalog import make_product, option, picture, price_list
from tests.factories.inventory import a_warehouse
from tests.factories.markets import small_world
from tests.importers.own_format import NASTY, bring_in, complaints, counts, export
from tests.importers.snapshots import snapshot, wipe_catalogue
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def shop() -> None:
    """A small catalogue that uses everything the format carries."""
    small_world("de", "jp", "us")
    for position, code in enumerate(("LEJ", "NRT")):
        a_warehouse(code, market=Market.objects.get(code="de"), position=position)
    actions.put_category(code="kitchen", texts={"name": {"en": "Kitchen", "de": "Küche"}}, position=3)
    actions.put_category(
        code="pots", texts={"name": {"en": "Pots", "ja": "鍋"}, "description": {"en": "All pots"}}, parent="kitchen"
    )
    actions.put_brand(code="kesen", name="Kesen & Söhne", story={"en": "Since 1900", "de": "Seit 1900"})
    actions.put_maker(code="kesen-werke", name="Kesen Werke", postal_address="Weg 1\n04109 Leipzig", country="DE",
                      email="safety@kesen.example")  # fmt: skip
    option("colour", {"oak": "#c8a27a", "ash": None}, input="swatch")
    actions.put_option_value(option_type="colour", code="oak", names={"de": "Eiche", "ja": "楢"}, hex="#c8a27a")
    option("size", {"s": None, "XL": None})
    actions.put_attribute(
        code="material", names={"en": "Material", "de": "Material"}, data_type="enum", filterable=True
    )
    for code in ("steel", "oak"):
        actions.put_attribute_option(attribute="material", code=code, names={"en": code.title(), "de": f"{code} (de)"})
    actions.put_attribute(
        code="power", names={"en": "Power"}, data_type="number", unit="W", place=AttributePlace(section="dimensions")
    )
    actions.put_attribute(code="washable", names={"en": "Washable"}, data_type="bool")
    actions.put_attribute(code="care", names={"en": "Care"}, data_type="text")
    actions.put_attribute(code="since", names={"en": "Since"}, data_type="date")
    kettle = make_product(
        "kettle",
        names={"en": "Kettle", "de": "Kessel", "ja": "やかん", "ar": "غلاية"},
        category="pots",
        options={"colour": ["oak", "ash"], "size": ["s", "XL"]},
        combinations=[{"colour": "oak", "size": "s"}, {"colour": "ash", "size": "XL"}],
        details=[
            Detail(attribute="material", options=("steel", "oak")),
            Detail(attribute="power", number=Decimal("2200.5")),
            Detail(attribute="washable", flag=False),
            Detail(attribute="care", text={"en": "=Wipe|dry", "de": "Abwischen"}),
        ],
        draft={
            "brand": "kesen",
            "maker": "kesen-werke",
            "responsible_person": "kesen-werke",
            "categories": ("kitchen",),
            "tags": ("tea | time", "new\\old", "=tag"),
            "model_code": "KT-1",
            "texts": {
                "description": {"en": "<p>Polished</p>\n<ul><li>a</li></ul>", "de": "<p>=Poliert</p>"},
                "selling_points": {"en": "One\nTwo, three"},
                "meta_title": {"en": "-Kettle", "ja": "＝やかん"},
            },
            "slugs": {"en": "the-kettle", "de": "der-kessel"},
        },
        variant={
            "gtin": "4006381333931", "length_mm": 240, "width_mm": 180, "height_mm": 210, "battery_flag": True,
            "content_amount": Decimal("0.25"), "content_unit": "kg", "customs_description": "Kettle",
            "restricted_flags": ("liquid",), "purchase_limit": 3, "max_cart_qty": 5,
        },
        prices={"de": ["49.90", "59.90"], "jp": "5000", "us": "45.00"},
    )  # fmt: skip
    first, second = kettle.variants.order_by("position")
    tiers = price_list("de", code="de-tier", kind="tier")
    actions.set_prices(price_list_id=tiers.pk, prices=[
        actions.NewPrice(variant_id=first.pk, amount=Money("44.90", "EUR"), min_qty=10),
    ])  # fmt: skip
    price_list("de", code="de-club", kind="member", audience_key="club", parent="de-base", adjust_bp=-1000,
               charm_rule={"ending": "0.90", "step": "1"})  # fmt: skip
    receive_stock(warehouse_code="LEJ", variant_id=first.pk, quantity=7, op_key="a")
    receive_stock(warehouse_code="NRT", variant_id=second.pk, quantity=2, op_key="b")
    actions.offer_product(product_id=kettle.pk, market_code="jp", visible=False, copy_html="<p>日本</p>")
    shown = picture("front", alt={"en": "Front", "de": "Vorne"})
    actions.set_gallery(product_id=kettle.pk, pictures=[
        GalleryPicture(asset_id=shown.pk), GalleryPicture(asset_id=picture("jp").pk, role="life", market_code="jp"),
    ])  # fmt: skip
    actions.set_variant_pictures(variant_id=second.pk, asset_ids=[shown.pk])
    for place, words in enumerate(NASTY):
        make_product(
            f"nasty-{place}", names={"en": f"{words} x", "de": words or "y"},
            draft={"texts": {"summary": {"en": words}, "description": {"en": words}, "selling_points": {"ja": words}}},
            details=[Detail(attribute="care", text={"en": words, "ar": words})],
        )  # fmt: skip
    make_product("cup", variant={"sku": "CUP"})
    make_product("draft", active=False)
    actions.archive_product(product_id=make_product("old").pk)
    bundle = actions.create_product(draft=make_bundle("a-set"))
    variant = actions.add_variant(product_id=bundle.pk, draft=VariantDraft(sku="SET"))
    set_components(bundle_variant_id=variant.pk, components={first.pk: 1, Variant.objects.get(sku="CUP").pk: 4})
    actions.activate_product(product_id=bundle.pk)


def make_bundle(code: str) -> Any:
    return ProductDraft(code=code, product_type="goods", texts={"name": {"en": "A set"}}, kind="bundle")


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("format_code", ["csv", "xlsx"])
def test_an_export_changes_nothing_where_it_came_from(tmp_path: Path, format_code: str) -> None:
    before = snapshot()
    job = bring_in(export(tmp_path, format_code=format_code), name=f"p.{format_code}")
    assert [(item.title, item.changes) for item in JobItem.objects.filter(job=job) if item.changes] == []
    assert counts(job) == {"unchanged": Product.objects.count()}, complaints(job)
    assert snapshot() == before


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("format_code", ["csv", "xlsx"])
def test_an_export_makes_the_same_catalogue_in_an_empty_shop(tmp_path: Path, format_code: str) -> None:
    before = snapshot()
    content = export(tmp_path, format_code=format_code)
    how_many = Product.objects.count()
    wipe_catalogue()
    job = bring_in(content, name=f"p.{format_code}")
    assert counts(job) == {"created": how_many}, complaints(job)
    after = snapshot()
    for part, rows in before.items():
        if isinstance(rows, dict):
            for code, row in rows.items():
                assert after[part].get(code) == row, code
        assert after[part] == rows
    assert counts(bring_in(content, name=f"p.{format_code}")) == {"unchanged": how_many}
