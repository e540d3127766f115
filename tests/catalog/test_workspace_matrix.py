"""The variant matrix: rows saved one by one, missing combinations counted and made, options that come and go."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from catalog.actions.matrix import MOST_VARIANTS, create_missing, find_missing
from catalog.combinations import PatternProblem, Pool, check_pattern, count_missing, sku_from, walk_missing
from catalog.errors import ChangedMeanwhile, OptionInUse, OptionMismatch, SkusTaken, TooManyVariants
from catalog.models import OptionType, OptionValue, Product, Variant
from core.integrity import registered, run
from core.models import AuditEntry
from tests.admin.people import operator, shopper, text
from tests.factories.catalog import make_product, option
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db

COLOURS = {"ink": "#111111", "bone": "#eeeeee", "clay": "#aa6644"}
SIZES = {"s": None, "m": None, "l": None}


def world() -> None:
    small_world("de")
    option("colour", COLOURS, input="swatch")
    option("size", SIZES)


@shared_world
def shirt() -> Product:
    """Ink in s and m, bone in s."""
    world()
    return make_product(
        "shirt",
        options={"colour": (), "size": ()},
        combinations=[
            {"colour": "ink", "size": "s"},
            {"colour": "ink", "size": "m"},
            {"colour": "bone", "size": "s"},
        ],
    )


@pytest.fixture
def browser() -> Client:
    return operator(
        "catalog.view_variant",
        "catalog.change_variant",
        "catalog.add_variant",
        "catalog.view_product",
        "catalog.change_product",
        "catalog.add_optionvalue",
    )


def option_faults() -> list[object]:
    """What the integrity checks say about options and signatures."""
    found = run(check for check in registered() if check.code in {"C01", "C02"})
    return [one.examples for one in found if one.count]


def row_of(variant: Variant, **changes: str) -> dict[str, str]:
    """What the form of a row sends."""
    names = (
        "sku", "gtin", "status", "weight_g", "length_mm", "width_mm", "height_mm", "hs_code", "origin_country",
    )  # fmt: skip
    values = {name: getattr(variant, name) for name in names}
    stamp = {"stamp": variant.updated.strftime("%Y-%m-%dT%H:%M:%S.%f%z")}
    return {name: "" if value is None else str(value) for name, value in values.items()} | stamp | changes


def save(browser: Client, variant: Variant, **changes: str):
    address = reverse("admin:catalog_matrix_row", args=[variant.product_id, variant.pk])
    return browser.post(address, row_of(variant, **changes))


def test_a_row_is_saved_alone(browser: Client, shirt: Product) -> None:
    first, second, _third = shirt.variants.order_by("pk")
    answer = save(browser, first, weight_g="321", origin_country="pt", gtin="4006381333931")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#row-{first.pk}")
    first.refresh_from_db()
    assert (first.weight_g, first.origin_country, first.gtin) == (321, "PT", "4006381333931")
    assert first.signature == "colour=ink,size=s"
    assert Variant.objects.get(pk=second.pk).weight_g == 500
    assert AuditEntry.objects.filter(action="catalog.update_variant").count() == 1


def test_what_a_colleague_saved_is_not_overwritten_in_silence(browser: Client, shirt: Product) -> None:
    variant = shirt.variants.order_by("pk").first()
    seen = row_of(variant, weight_g="900")
    save(browser, variant, weight_g="450")
    address = reverse("admin:catalog_matrix_row", args=[shirt.pk, variant.pk])

    answer = browser.post(address, seen)

    assert answer.status_code == 422
    page = text(answer)
    assert "Somebody else changed this" in page
    assert 'value="900"' in page
    assert "now: 450" in page
    assert Variant.objects.get(pk=variant.pk).weight_g == 450
    again = next(row for row in answer.context["page"].rows if row.pk == variant.pk)
    assert browser.post(address, seen | {"stamp": again.stamp}).status_code == 302
    assert Variant.objects.get(pk=variant.pk).weight_g == 900


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("hs_code", "12", "A goods code has 6 to 13 digits."),
        ("gtin", "12345", "A GTIN has 8, 12, 13 or 14 digits."),
        ("weight_g", "heavy", "Enter a whole number."),
        ("sku", "SHIRT-INK-M", "Another variant has this SKU."),
        ("origin_country", "Japan", "Write the country as two letters"),
    ],
)
def test_a_refused_row_keeps_what_was_typed(
    browser: Client, shirt: Product, field: str, value: str, words: str
) -> None:
    variant = shirt.variants.order_by("pk").first()
    answer = save(browser, variant, **{field: value}, length_mm="77")
    assert answer.status_code == 422
    assert words in text(answer)
    assert f'value="{value}"' in text(answer)
    assert Variant.objects.get(pk=variant.pk).length_mm is None


def test_a_script_gets_the_row_alone(browser: Client, shirt: Product) -> None:
    variant = shirt.variants.order_by("pk").first()
    address = reverse("admin:catalog_matrix_row", args=[shirt.pk, variant.pk])
    answer = browser.post(address, row_of(variant, weight_g="1"), headers={"X-Fragment": "row"})
    assert answer.status_code == 200
    assert text(answer).strip().startswith("<tr")
    assert f'action="{address}"' in text(answer)
    refused = browser.post(address, row_of(variant, weight_g="2"), headers={"X-Fragment": "row"})
    assert refused.status_code == 422
    assert "<html" not in text(refused)
    assert Variant.objects.get(pk=variant.pk).weight_g == 1


def test_the_matrix_is_filtered_by_value_state_and_sku(browser: Client, shirt: Product) -> None:
    address = reverse("admin:catalog_matrix", args=[shirt.pk])

    def skus(query: str) -> list[str]:
        return [row.sku for row in browser.get(f"{address}?{query}").context["page"].rows]

    assert skus("v-colour=ink") == ["SHIRT-INK-S", "SHIRT-INK-M"]
    assert skus("v-colour=ink&v-size=s") == ["SHIRT-INK-S"]
    assert skus("q=bone") == ["SHIRT-BONE-S"]
    assert skus("status=archived") == []


def test_missing_variants_are_counted_shown_and_made(browser: Client, shirt: Product) -> None:
    address = reverse("admin:catalog_missing", args=[shirt.pk])
    chosen = {"v-colour": ["ink", "bone"], "v-size": ["s", "m", "l"]}
    wanted = chosen | {"pattern": "{code}-{colour}-{size}", "status": "draft", "like": "SHIRT-INK-S"}

    shown = browser.get(address, wanted)

    assert (shown.context["count"], shown.context["existing"]) == (3, 3)
    assert [row["sku"] for row in shown.context["rows"]] == ["SHIRT-INK-L", "SHIRT-BONE-M", "SHIRT-BONE-L"]
    assert shirt.variants.count() == 3
    assert browser.post(address, wanted | {"expected": "3"}).status_code == 302
    made = shirt.variants.get(sku="SHIRT-BONE-L")
    assert (made.signature, made.status, made.weight_g) == ("colour=bone,size=l", "draft", 500)
    assert made.option_values.count() == 2
    assert shirt.variants.count() == 6
    assert option_faults() == []
    assert browser.get(address, wanted).context["count"] == 0


def test_a_number_that_moved_since_it_was_shown_makes_nothing(browser: Client, shirt: Product) -> None:
    wanted = {"v-colour": ["ink"], "v-size": ["l"], "pattern": "{code}-{colour}-{size}", "status": "draft", "like": ""}
    answer = browser.post(reverse("admin:catalog_missing", args=[shirt.pk]), wanted | {"expected": "7"})
    assert answer.status_code == 422
    assert "Somebody else changed this" in text(answer)
    assert shirt.variants.count() == 3


def test_taken_skus_and_products_that_are_too_large_are_refused(shirt: Product) -> None:
    make_product("other", variant={"sku": "SHIRT-INK-L"})
    with pytest.raises(SkusTaken):
        create_missing(
            product_id=shirt.pk,
            chosen={"colour": ["ink"], "size": ["s", "m", "l"]},
            pattern="{code}-{colour}-{size}",
            expected=1,
        )
    assert shirt.variants.count() == 3
    for number in range(50):
        for kind in ("colour", "size"):
            OptionValue.objects.create(
                option_type=OptionType.objects.get(code=kind), code=f"{kind}{number}", name=str(number)
            )
    everything = {
        kind: list(OptionValue.objects.filter(option_type__code=kind).values_list("code", flat=True))
        for kind in ("colour", "size")
    }
    missing = find_missing(product=shirt, chosen=everything)
    assert missing.count == 53 * 53 - 3 > MOST_VARIANTS
    with pytest.raises(TooManyVariants):
        create_missing(product_id=shirt.pk, chosen=everything, pattern="{n}", expected=missing.count)


def test_the_cartesian_product_is_never_written_out() -> None:
    pools = tuple(Pool(option=f"o{at}", values=tuple(f"v{value}" for value in range(300))) for at in range(6))
    existing = [("v0",) * 6, ("v1",) * 6]
    assert count_missing(pools, existing) == 300**6 - 2
    walked = walk_missing(pools, existing)
    assert next(walked) == ("v0", "v0", "v0", "v0", "v0", "v1")


@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    picks=st.sets(st.integers(0, 63), max_size=20),
)
def test_what_is_counted_as_missing_is_what_is_walked(sizes: list[int], picks: set[int]) -> None:
    pools = tuple(Pool(option=f"o{at}", values=tuple(map(str, range(size)))) for at, size in enumerate(sizes))
    every = list(walk_missing(pools, []))
    existing = {every[pick] for pick in picks if pick < len(every)}
    walked = list(walk_missing(pools, existing))
    assert len(walked) == len(set(walked)) == count_missing(pools, existing)
    assert set(walked) | existing == set(every)


def test_a_pattern_must_tell_combinations_apart() -> None:
    check_pattern("{code}-{colour}-{size}", ["colour", "size"])
    check_pattern("X{n}", ["colour", "size"])
    for wrong in ("{code}-{colour}", "{code}-{nothing}-{colour}-{size}"):
        with pytest.raises(PatternProblem):
            check_pattern(wrong, ["colour", "size"])
    assert sku_from("{code}-{colour}.{n}", code="cup", values={"colour": "ink"}, number=7) == "CUP-INK.7"
    with pytest.raises(PatternProblem):
        sku_from("{code}" * 30, code="teapot", values={}, number=1)


def test_an_option_is_added_with_a_value_for_the_variants_there_are(browser: Client) -> None:
    cup = make_product("cup", options={"colour": ("ink", "bone")})
    address = reverse("admin:catalog_options", args=[cup.pk])
    assert browser.get(f"{address}?add=size").status_code == 200
    assert browser.post(address, {"deed": "option", "option_type": "size", "value": "m"}).status_code == 302
    assert sorted(cup.variants.values_list("signature", flat=True)) == ["colour=bone,size=m", "colour=ink,size=m"]
    assert option_faults() == []


def test_an_option_is_taken_away_only_when_variants_stay_different(browser: Client, shirt: Product) -> None:
    address = reverse("admin:catalog_options", args=[shirt.pk])
    refused = browser.post(address, {"deed": "remove", "option_type": "size"})
    assert refused.status_code == 422
    assert "Variants differ by this option" in text(refused)
    shirt.variants.filter(signature__contains="size=m").update(status="archived")
    assert browser.post(address, {"deed": "remove", "option_type": "size"}).status_code == 302
    live = shirt.variants.exclude(status="archived")
    assert sorted(live.values_list("signature", flat=True)) == ["colour=bone", "colour=ink"]
    assert option_faults() == []


def test_a_value_is_added_once(browser: Client, shirt: Product) -> None:
    address = reverse("admin:catalog_options", args=[shirt.pk])
    new = {"deed": "value", "option_type": "size", "code": "xl", "name": "Extra large", "hex": ""}
    assert browser.post(address, new).status_code == 302
    again = browser.post(address, new | {"name": "Other"})
    assert again.status_code == 422
    assert OptionValue.objects.get(option_type__code="size", code="xl").name == "Extra large"


def many_variants(product: Product, count: int) -> None:
    for kind in ("colour", "size"):
        owner = OptionType.objects.get(code=kind)
        OptionValue.objects.bulk_create(
            [OptionValue(option_type=owner, code=f"v{number}", name=f"Value {number}") for number in range(50)]
        )
    codes = [f"v{number}" for number in range(50)]
    create_missing(
        product_id=product.pk,
        chosen={"colour": codes[: count // 50], "size": codes},
        pattern="{code}-{n}",
        expected=count,
    )


def test_a_product_with_two_thousand_variants_stays_within_the_budget(browser: Client) -> None:
    shirt = make_product("large-shirt", options={"colour": (), "size": ()}, combinations=[], active=False)
    many_variants(shirt, 2000)
    pages = {
        name: reverse(f"admin:catalog_{name}", args=[shirt.pk])
        for name in ("matrix", "missing", "options", "duplicate")
    }
    pages["filtered"] = f"{pages['matrix']}?v-colour=v3&q=SHIRT&page=2"
    owner_pages = {
        **pages,
        "prices": "/admin/catalogue/prices/?product=large-shirt",
        "stock": "/admin/stock/?product=large-shirt",
    }
    browser = operator(
        "catalog.view_variant", "catalog.change_variant", "catalog.add_variant", "catalog.view_product",
        "catalog.change_product", "catalog.add_product", "catalog.view_price", "catalog.change_price",
        "inventory.view_stockitem", "inventory.correct_stock",
    )  # fmt: skip
    for name, address in owner_pages.items():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200, name
        assert len(queries) <= 30, name
    assert len(browser.get(pages["matrix"]).context["page"].rows) == 50


def test_who_may_only_look_cannot_change(shirt: Product) -> None:
    looking = operator("catalog.view_variant", "catalog.view_product")
    variant = shirt.variants.order_by("pk").first()
    page = looking.get(reverse("admin:catalog_matrix", args=[shirt.pk]))
    assert page.status_code == 200
    assert "data-row-form" not in text(page)
    assert save(looking, variant, weight_g="1").status_code == 403
    assert looking.get(reverse("admin:catalog_missing", args=[shirt.pk])).status_code == 403
    assert looking.post(reverse("admin:catalog_options", args=[shirt.pk]), {"deed": "remove"}).status_code == 403
    assert operator().get(reverse("admin:catalog_matrix", args=[shirt.pk])).status_code == 403
    for nobody in (Client(), shopper()):
        assert nobody.get(reverse("admin:catalog_matrix", args=[shirt.pk])).status_code == 302


def test_refusals_of_the_actions_change_nothing(shirt: Product) -> None:
    with pytest.raises(OptionMismatch):
        find_missing(product=shirt, chosen={"colour": ["ink"]})
    with pytest.raises(ChangedMeanwhile):
        create_missing(product_id=shirt.pk, chosen={"colour": ["clay"], "size": ["s"]}, pattern="{n}", expected=2)
    assert issubclass(OptionInUse, Exception)
    assert shirt.variants.count() == 3
