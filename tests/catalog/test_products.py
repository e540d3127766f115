"""Products and variants through their actions."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from catalog import actions
from catalog.drafts import Detail, ProductDraft, VariantDraft
from catalog.errors import BundleProblem, OptionMismatch, ProductIncomplete, SkuFixed, SkuTaken, VariantExists
from catalog.models import BundleItem, FacetRow, OptionValue, Product, ProductAttribute, Route, Variant, VariantOption
from tests.factories.catalog import ProductTypeFactory, make_product, option, put_stock
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def world():
    small_world("de", "jp")
    ProductTypeFactory()
    option("colour", {"ink": "#111111", "bone": "#eeeeee"}, input="swatch")
    option("size", {"s": None, "m": None})


def draft(**facts):
    given = {"code": "kettle", "product_type": "goods", "texts": {"name": {"en": "Kettle", "de": "Wasserkessel"}}}
    return ProductDraft(**{**given, **facts})


def test_a_new_product_is_a_draft_with_words_and_slugs_in_every_language():
    product = actions.create_product(draft=draft())
    assert product.status == "draft"
    assert product.text("name", "de") == "Wasserkessel"
    assert product.text("name", "ja") == "Kettle"
    slugs = dict(Route.objects.filter(product=product).values_list("language", "slug"))
    assert slugs["de"] == "wasserkessel"
    assert slugs["ja"] == "kettle"
    assert len(slugs) == 8


def test_descriptions_lose_what_could_act():
    html = '<p onclick="x()">Good</p><script>alert(1)</script><a href="javascript:x()">a</a>'
    product = actions.create_product(draft=draft(texts={"name": {"en": "Kettle"}, "description": {"en": html}}))
    assert product.description == '<p>Good</p><a rel="noopener noreferrer">a</a>'


def test_a_variant_carries_its_signature_and_values():
    product = actions.create_product(draft=draft(options=("colour", "size")))
    variant = actions.add_variant(
        product_id=product.pk, draft=VariantDraft(sku="K-1", values={"size": "m", "colour": "ink"})
    )
    assert variant.signature == "colour=ink,size=m"
    assert sorted(variant.value_ids) == sorted(
        VariantOption.objects.filter(variant=variant).values_list("option_value_id", flat=True)
    )


@pytest.mark.parametrize(
    "values", [{}, {"colour": "ink"}, {"colour": "ink", "size": "xxl"}, {"colour": "ink", "weight": "m"}]
)
def test_a_variant_needs_one_known_value_for_every_option(values):
    product = actions.create_product(draft=draft(options=("colour", "size")))
    with pytest.raises(OptionMismatch):
        actions.add_variant(product_id=product.pk, draft=VariantDraft(sku="K-1", values=values))
    assert not Variant.objects.exists()


def test_a_combination_exists_once_until_it_is_archived():
    product = actions.create_product(draft=draft(options=("colour",)))
    first = actions.add_variant(product_id=product.pk, draft=VariantDraft(sku="K-1", values={"colour": "ink"}))
    with pytest.raises(VariantExists):
        actions.add_variant(product_id=product.pk, draft=VariantDraft(sku="K-2", values={"colour": "ink"}))
    actions.archive_variant(variant_id=first.pk)
    actions.add_variant(product_id=product.pk, draft=VariantDraft(sku="K-2", values={"colour": "ink"}))
    assert Variant.objects.filter(product=product).count() == 2


def test_a_sku_belongs_to_one_variant_and_stays_once_ordered():
    product = actions.create_product(draft=draft(options=("colour",)))
    variant = actions.add_variant(product_id=product.pk, draft=VariantDraft(sku="K-1", values={"colour": "ink"}))
    with pytest.raises(SkuTaken):
        actions.add_variant(product_id=product.pk, draft=VariantDraft(sku="K-1", values={"colour": "bone"}))
    assert actions.fix_skus(variant_ids=[variant.pk]) == 1
    with pytest.raises(SkuFixed):
        actions.update_variant(variant_id=variant.pk, draft=VariantDraft(sku="K-9", values={"colour": "ink"}))
    variant.refresh_from_db()
    assert variant.sku == "K-1"


def check_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_a_value_of_another_option():
    product = actions.create_product(draft=draft(options=("colour", "size")))
    variant = actions.add_variant(
        product_id=product.pk, draft=VariantDraft(sku="K-1", values={"size": "m", "colour": "ink"})
    )
    small = OptionValue.objects.get(code="s")
    row = VariantOption.objects.get(variant=variant, option_type__code="colour")
    with transaction.atomic():
        VariantOption.objects.filter(pk=row.pk).update(option_value=small)
        with pytest.raises(IntegrityError), transaction.atomic():
            check_now()
        transaction.set_rollback(True)


def test_asking_for_the_same_again_changes_nothing():
    product = actions.create_product(draft=draft(options=("colour",)))
    variant_draft = VariantDraft(sku="K-1", values={"colour": "ink"})
    variant = actions.add_variant(product_id=product.pk, draft=variant_draft)
    assert actions.update_product(product_id=product.pk, draft=draft(options=("colour",))) is False
    assert actions.update_variant(variant_id=variant.pk, draft=variant_draft) is False
    assert actions.update_product(product_id=product.pk, draft=draft(options=("colour",), model_code="M1")) is True


def test_an_incomplete_product_names_everything_that_is_missing():
    product = actions.create_product(draft=draft(kind="bundle"))
    with pytest.raises(ProductIncomplete) as refused:
        actions.activate_product(product_id=product.pk)
    assert refused.value.problems == ("no_variant",)
    product.refresh_from_db()
    assert product.status == "draft"


def test_a_renamed_product_keeps_its_old_address():
    product = actions.create_product(draft=draft())
    actions.update_product(product_id=product.pk, draft=draft(texts={"name": {"en": "Pot", "de": "Topf"}}))
    german = Route.objects.filter(product=product, language="de")
    assert set(german.values_list("slug", "current")) == {("wasserkessel", False), ("topf", True)}
    actions.update_product(product_id=product.pk, draft=draft())
    assert german.get(current=True).slug == "wasserkessel"


def test_two_products_of_one_name_have_two_addresses():
    actions.create_product(draft=draft())
    second = actions.create_product(draft=draft(code="kettle-2"))
    assert Route.objects.get(product=second, language="en").slug == "kettle-kettle-2"
    assert actions.update_product(product_id=second.pk, draft=draft(code="kettle-2")) is False


def test_a_set_needs_two_components_none_of_which_is_a_set():
    cup, pot = (make_product(code).variants.get() for code in ("cup", "pot"))
    gift = make_product("gift", draft={"kind": "bundle"}, active=False).variants.get()
    with pytest.raises(BundleProblem):
        actions.set_components(bundle_variant_id=gift.pk, components={cup.pk: 1})
    actions.set_components(bundle_variant_id=gift.pk, components={cup.pk: 2, pot.pk: 1})
    other = make_product("box", draft={"kind": "bundle"}, active=False).variants.get()
    with pytest.raises(BundleProblem):
        actions.set_components(bundle_variant_id=other.pk, components={gift.pk: 1, pot.pk: 1})
    with pytest.raises(IntegrityError), transaction.atomic():
        BundleItem.objects.create(bundle_variant=other, component_variant=gift)


def test_a_sets_stock_follows_its_scarcest_component():
    cup, pot = (make_product(code).variants.get() for code in ("cup", "pot"))
    gift = make_product("gift", draft={"kind": "bundle"}, active=False).variants.get()
    actions.set_components(bundle_variant_id=gift.pk, components={cup.pk: 2, pot.pk: 1})
    put_stock({cup.pk: 7, pot.pk: 9})
    assert set(gift.availabilities.values_list("available_total", flat=True)) == {3}


def test_details_are_exactly_what_was_said():
    product = actions.create_product(draft=draft())
    actions.put_attribute(code="material", names={"en": "Material"}, data_type="enum", filterable=True)
    actions.put_attribute_option(attribute="material", code="steel", names={"en": "Steel", "de": "Stahl"})
    actions.put_attribute(code="spout", names={"en": "Spout"}, data_type="number", unit="mm")
    details = [Detail(attribute="material", options=("steel",)), Detail(attribute="spout", number=Decimal(4))]
    assert actions.set_details(product_id=product.pk, details=details) is True
    assert actions.set_details(product_id=product.pk, details=details) is False
    assert ProductAttribute.objects.filter(product=product).count() == 2


def test_reviews_count_only_once_they_are_shown():
    product = make_product("cup")
    review = actions.add_review(
        draft=actions.ReviewDraft(
            product_id=product.pk, market_code="de", language="de", rating=4, author_name="Eine Käuferin"
        )
    )
    product.refresh_from_db()
    assert product.rating_count == 0
    actions.approve_review(review_id=review.pk)
    product.refresh_from_db()
    assert (product.rating_count, str(product.rating_avg), product.rating_counts) == (1, "4.00", [0, 0, 0, 1, 0])
    actions.reject_review(review_id=review.pk, refusal="elsewhere", note="not about the cup")
    product.refresh_from_db()
    assert (product.rating_count, product.rating_avg) == (0, None)


def test_a_draft_is_not_visible_and_an_archived_product_goes():
    product = make_product("cup", active=False)
    assert Product.objects.get(pk=product.pk).status == "draft"
    assert not FacetRow.objects.filter(product=product).exists()
    actions.activate_product(product_id=product.pk)
    actions.drain_dirty()
    assert FacetRow.objects.filter(product=product).exists()
    actions.archive_product(product_id=product.pk)
    actions.drain_dirty()
    assert not FacetRow.objects.filter(product=product).exists()
