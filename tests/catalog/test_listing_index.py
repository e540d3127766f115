"""The listing index follows every change, for every process that has read it before."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog import actions
from catalog.derived.listing import derive_listing
from catalog.drafts import Detail, VariantDraft
from catalog.listing.index import EVERYWHERE, Index, Kind, Row
from catalog.listing.matching import Listing, Scope
from catalog.listing.selection import Selection, read_selection
from catalog.listing.vocabulary import Vocabulary, vocabulary
from catalog.models import ListingBits, ListingSlot, ListingState, Product
from core.money import Money
from markets.queries import market_by_code
from tests.factories.catalog import make_product, option, put_stock
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def de():
    small_world("de", "jp")
    option("colour", {"ink": None, "bone": None})
    return market_by_code("de", language="de")


def found(market, **choice):
    words = vocabulary(market.language)
    chosen = read_selection({key: [value] for key, value in choice.items()}, words)
    return Listing(Scope(market.id), chosen, words).page()


def test_a_reader_follows_what_others_write(de):
    index, row = Index(), Row(EVERYWHERE, Kind.PRODUCT)
    assert index.view([row]).row(row) == 0
    first = make_product("cup")
    assert index.view([row]).row(row).bit_count() == 1
    second = make_product("pot")
    assert index.view([row]).row(row).bit_count() == 2
    actions.archive_product(product_id=second.pk)
    actions.drain_dirty()
    assert found(de).product_ids == (first.pk,)


def test_what_stays_the_same_is_not_written_again(de):
    make_product("cup", category="kitchen")
    before = ListingState.objects.get().written
    assert derive_listing(list(Product.objects.values_list("pk", flat=True)), timezone.now()) == 0
    assert ListingState.objects.get().written == before


def test_a_product_with_more_variants_than_places_moves(de):
    product = make_product("cup", options={"colour": ("ink", "bone")}, combinations=[{"colour": "ink"}])
    other = make_product("pot", options={"colour": ("ink", "bone")}, combinations=[{"colour": "bone"}])
    before = ListingSlot.objects.get(product=product)
    actions.add_variant(product_id=product.pk, draft=VariantDraft(sku="CUP-2", values={"colour": "bone"}))
    variant = product.variants.get(sku="CUP-2")
    row = actions.open_price_list(draft=actions.PriceListDraft(market_code="de", code="de-base"))
    actions.set_prices(price_list_id=row.pk, prices=[actions.NewPrice(variant_id=variant.pk, amount=Money(5, "EUR"))])
    actions.drain_dirty()
    after = ListingSlot.objects.get(product=product)
    assert (after.first, len(after.variant_ids)) != (before.first, len(before.variant_ids))
    assert found(de, colour="bone").product_ids == (other.pk, product.pk)
    assert found(de, colour="ink").product_ids == (product.pk,)
    call_command("listings_verify", verbosity=0)


def test_prices_stock_and_details_reach_the_filters(de):
    actions.put_attribute(code="height", names={"en": "Height"}, data_type="number", unit="cm", filterable=True)
    product = make_product("cup", prices={"de": "12.00"}, details=[Detail(attribute="height", number=Decimal("9.5"))])
    assert found(de, price_max="12").total == found(de, height_min="9.5", height_max="9.5").total == 1
    assert found(de, price_max="11.99").total == found(de, height_min="9.6").total == 0
    actions.set_details(product_id=product.pk, details=[Detail(attribute="height", number=Decimal("-3"))])
    actions.drain_dirty()
    assert found(de, height_max="0").total == 1
    put_stock({row.pk: 0 for row in product.variants.all()})
    assert found(de, availability="in-stock").total == 0


def test_an_attribute_that_becomes_a_filter_brings_its_products(de):
    actions.put_attribute(code="height", names={"en": "Height"}, data_type="number", unit="cm")
    make_product("cup", details=[Detail(attribute="height", number=Decimal(9))])
    actions.put_attribute(code="height", names={"en": "Height"}, data_type="number", unit="cm", filterable=True)
    actions.drain_dirty()
    assert found(de, height_min="8").total == 1


def test_an_empty_shop_lists_nothing(de):
    page = Listing(Scope(de.id), Selection(), Vocabulary(())).page()
    assert (page.product_ids, page.total) == ((), 0)


def test_the_index_can_be_lost_and_built_anew(de):
    product = make_product("cup", category="kitchen")
    ListingBits.objects.all().delete()
    with pytest.raises(CommandError, match="wrong"):
        call_command("listings_verify", verbosity=0)
    call_command("catalog_refresh", "--listings-anew", verbosity=0)
    call_command("listings_verify", verbosity=0)
    assert found(de).product_ids == (product.pk,)
