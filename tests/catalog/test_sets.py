"""Building sets: what they may hold, in sentences; what the builder shows; what the shop can sell of them."""

from typing import Any

import pytest
from django.test import Client

from catalog import actions
from catalog.actions.sets import SetRow, build_set
from catalog.errors import SetProblem
from catalog.models import BundleItem, Product, Variant, VariantAvailability
from core.outbox import drain
from markets.types import MarketContext
from tests.factories.cart import item_in, open_shop
from tests.factories.catalog import make_product
from tests.factories.kinds import download_in, presale_in, set_in
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


def an_empty_set(market: MarketContext, code: str = "box") -> Variant:
    product = make_product(code, prices={market.code: "30.00"}, draft={"kind": "bundle"}, stock=0, active=False)
    return product.variants.get()


@shared_world
def world() -> dict[str, Any]:
    market = open_shop()
    return {
        "market": market,
        "cup": item_in(market, price="8.00", stock=9, code="cup"),
        "pot": item_in(market, price="24.00", stock=5, code="pot"),
        "box": an_empty_set(market),
    }


def rows(*variants: Variant, **facts: Any) -> list[SetRow]:
    return [SetRow(variant_id=variant.pk, **facts) for variant in variants]


def test_it_holds_what_was_chosen_and_weighs_as_much(world: dict[str, Any]) -> None:
    wanted = [
        SetRow(variant_id=world["cup"].pk, quantity=4, price_weight=3),
        SetRow(variant_id=world["pot"].pk, price_weight=5),
    ]

    build_set(variant_id=world["box"].pk, rows=wanted)

    held = BundleItem.objects.order_by("pk").values_list("component_variant__sku", "quantity", "price_weight")
    assert list(held) == [("CUP", 4, 3), ("POT", 1, 5)]
    world["box"].refresh_from_db()
    assert world["box"].weight_g == 5 * 500


def test_what_it_cannot_hold_is_refused_in_a_sentence_and_changes_nothing(world: dict[str, Any]) -> None:
    market, cup, pot, box = (world[name] for name in ("market", "cup", "pot", "box"))
    other_set = set_in(market, (cup, 1, 1), (pot, 1, 1), code="other-set")
    gone = item_in(market, code="gone")
    Product.objects.filter(pk=gone.product_id).update(status="archived")
    ahead = presale_in(market, variant=item_in(market, code="ahead", stock=0))
    book, film = download_in(market), download_in(market, code="film")
    refused = {
        "at least two": rows(cup),
        "not optional": [*rows(cup), *rows(pot, optional=True)],
        "itself": rows(cup, box),
        "set itself": rows(cup, other_set),
        "archived": rows(cup, gone),
        "once": rows(cup, cup),
        "quantity": rows(cup, pot, quantity=0),
        "share": rows(cup, pot, price_weight=-1),
        "pre-sale": rows(cup, ahead),
        "none of its components": rows(book, film),
    }

    for word, wanted in refused.items():
        with pytest.raises(SetProblem) as refusal:
            build_set(variant_id=box.pk, rows=wanted)
        assert word in str(refusal.value)
    assert not BundleItem.objects.filter(bundle_variant=box).exists()


def test_what_is_no_set_holds_nothing(world: dict[str, Any]) -> None:
    with pytest.raises(SetProblem, match="no set"):
        build_set(variant_id=world["cup"].pk, rows=rows(world["pot"], world["box"]))


def test_the_catalogue_follows_the_stock_of_the_components(world: dict[str, Any]) -> None:
    box = world["box"]
    build_set(variant_id=box.pk, rows=[SetRow(variant_id=world["cup"].pk, quantity=2), *rows(world["pot"])])
    drain()

    there = VariantAvailability.objects.get(variant=box, market=world["market"].id)

    assert (there.available_total, there.place_code) == (4, "LEJ")


class TestBuilder:
    def url(self, box: Variant) -> str:
        return f"/admin/catalogue/products/{box.product_id}/set/"

    def test_search_add_and_save_keep_what_was_typed(self, world: dict[str, Any], admin_client: Client) -> None:
        box, cup, pot = world["box"], world["cup"], world["pot"]
        found = admin_client.post(self.url(box), {"step": "search", "search": "cup"})
        added = admin_client.post(
            self.url(box),
            {"step": f"add-{pot.pk}", "part": str(cup.pk), f"quantity-{cup.pk}": "4", f"weight-{cup.pk}": "3"},
        )

        saved = admin_client.post(
            self.url(box),
            {
                "step": "save",
                "part": [str(cup.pk), str(pot.pk)],
                f"quantity-{cup.pk}": "4",
                f"weight-{cup.pk}": "3",
                f"quantity-{pot.pk}": "1",
                f"weight-{pot.pk}": "5",
            },
        )

        assert f"add-{cup.pk}" in found.content.decode()
        assert not BundleItem.objects.filter(bundle_variant=box).count() > 2
        assert 'value="4"' in added.content.decode()
        assert "POT" in added.content.decode()
        assert saved.status_code == 302
        assert BundleItem.objects.filter(bundle_variant=box).count() == 2
        page = admin_client.get(self.url(box)).content.decode()
        assert "€56.00" in page  # four cups and a pot one by one
        assert "€26.00" in page  # saved

    def test_a_refusal_says_why(self, world: dict[str, Any], admin_client: Client) -> None:
        box, cup = world["box"], world["cup"]

        answer = admin_client.post(
            self.url(box), {"step": "save", "part": str(cup.pk), f"quantity-{cup.pk}": "1", f"weight-{cup.pk}": "1"}
        )

        assert answer.status_code == 422
        assert "at least two components" in answer.content.decode()

    def test_only_who_may_change_products_builds(self, world: dict[str, Any], client: Client) -> None:
        assert client.get(self.url(world["box"])).status_code == 302

    def test_its_queries_do_not_grow_with_its_contents(
        self, world: dict[str, Any], admin_client: Client, django_assert_max_num_queries: Any
    ) -> None:
        box = world["box"]
        parts = [item_in(world["market"], code=f"part-{number}") for number in range(6)]
        build_set(variant_id=box.pk, rows=rows(*parts))
        admin_client.get(self.url(box))

        with django_assert_max_num_queries(30):
            admin_client.get(self.url(box))


def test_the_page_shows_what_is_in_it_and_what_goes_with_it(world: dict[str, Any], client: Client) -> None:
    box, cup, pot = world["box"], world["cup"], world["pot"]
    tray = item_in(world["market"], code="tray")
    build_set(variant_id=box.pk, rows=[*rows(cup, pot), *rows(tray, optional=True)])
    actions.activate_product(product_id=box.product_id)
    actions.refresh_derived(product_ids=[box.product_id])

    page = client.get("/de/en/p/box/").content.decode()

    inside, beside = page.split("Goes well with it")
    assert "Cup" in inside
    assert "Tray" in beside
