"""The category tree: moves keep addresses and lose nobody's work, names and slugs side by side, only empty ones go."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog import actions
from catalog.actions.categories import (
    Visibility,
    create_category,
    delete_category,
    move_category,
    set_category_visibility,
)
from catalog.actions.category_words import names_of, set_category_words, slugs_of, words_stamp
from catalog.actions.tree import category_order
from catalog.actions.vocabulary import note_vocabulary
from catalog.errors import CategoryCycle, CategoryInUse, CategoryRefused, ChangedMeanwhile
from catalog.models import Category, CategoryFacet, DirtyProduct, FacetDef, FacetRow, Product, Route, SearchRedirect
from catalog.queries.menu import shelves
from catalog.trees import Place, Step, Tree
from core.models import AuditEntry
from markets.queries import market_by_code
from tests.admin.people import operator, owner, shopper, text
from tests.factories.catalog import make_product, option
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def world() -> None:
    small_world("de", "jp")
    option("colour", {"ink": None})
    for position, (code, parent) in enumerate(
        (("kitchen", None), ("pots", "kitchen"), ("cups", "kitchen"), ("bath", None))
    ):
        actions.put_category(
            code=code, texts={"name": {"en": code.title(), "de": f"{code} de"}}, parent=parent, position=position
        )


def pk_of(code: str) -> int:
    return Category.objects.get(code=code).pk


def stamp(code: str) -> str:
    return category_order().stamp(pk_of(code))


def shape() -> dict[str | None, list[str]]:
    codes: dict[int | None, str | None] = dict(Category.objects.values_list("pk", "code"))
    return {codes.get(pk): [str(codes[each]) for each in below] for pk, below in category_order().children.items()}


def move(code: str, parent: str | None, before: str | None = None, seen: str = ""):
    to = Place(parent_id=pk_of(parent) if parent else None, before_id=pk_of(before) if before else None)
    return move_category(category_id=pk_of(code), to=to, seen=seen or stamp(code))


def rename(code: str, **changes: dict[str, str]):
    category = Category.objects.get(code=code)
    names, slugs = names_of(category), slugs_of(category)
    wanted = {"names": names | changes.get("names", {}), "slugs": slugs | changes.get("slugs", {})}
    return set_category_words(category_id=category.pk, seen=words_stamp(names, slugs), **wanted)


def test_steps_lead_beside_into_and_out_and_nowhere_at_the_ends() -> None:
    tree = Tree.of([(1, None), (2, 1), (3, 1), (4, 1), (5, None)])
    assert tree.after(3, Step.UP) == Place(parent_id=1, before_id=2)
    assert tree.after(2, Step.DOWN) == Place(parent_id=1, before_id=4)
    assert tree.after(3, Step.DOWN) == Place(parent_id=1, before_id=None)
    assert tree.after(3, Step.IN) == Place(parent_id=2)
    assert tree.after(3, Step.OUT) == Place(parent_id=None, before_id=5)
    assert [tree.after(pk, step) for pk, step in ((2, Step.UP), (4, Step.DOWN), (2, Step.IN), (1, Step.OUT))] == [
        None
    ] * 4
    assert tree.below(1) == [2, 3, 4]
    assert tree.order_at(4, Place(parent_id=1, before_id=2)) == [4, 2, 3]


def test_a_moved_category_keeps_its_addresses_and_its_products_are_listed_anew(run_outbox) -> None:
    cup = make_product("cup", category="cups")
    actions.drain_dirty()
    before = set(Route.objects.values_list("language", "slug", "category_id", "current"))
    moved = move("cups", "bath")
    assert (moved.changed_parent, moved.categories, moved.products) == (True, 0, 1)
    assert shape() == {None: ["kitchen", "bath"], "kitchen": ["pots"], "bath": ["cups"]}
    assert set(Route.objects.values_list("language", "slug", "category_id", "current")) == before
    assert AuditEntry.objects.filter(action="catalog.move_category").count() == 1
    run_outbox()
    assert DirtyProduct.objects.filter(product=cup).exists()
    actions.drain_dirty()
    shown = set(FacetRow.objects.filter(product=cup, facet__kind="category").values_list("value_id", flat=True))
    assert pk_of("bath") in shown
    assert pk_of("kitchen") not in shown
    assert [shelf.code for shelf in shelves(market_by_code("de", language="de")).path_to(pk_of("cups"))] == [
        "bath",
        "cups",
    ]


def test_another_order_lists_nothing_anew(run_outbox) -> None:
    make_product("cup", category="cups")
    actions.drain_dirty()
    assert not move("cups", "kitchen", "pots").changed_parent
    run_outbox()
    assert shape()["kitchen"] == ["cups", "pots"]
    assert not DirtyProduct.objects.exists()


def test_brothers_that_share_a_position_get_an_order_of_their_own() -> None:
    Category.objects.update(position=0)
    move("bath", None, "kitchen")
    assert shape()[None] == ["bath", "kitchen"]


@pytest.mark.parametrize("parent", ["kitchen", "pots"])
def test_nothing_moves_below_itself(parent: str) -> None:
    before = shape()
    with pytest.raises(CategoryCycle):
        move("kitchen", parent)
    assert shape() == before
    assert not AuditEntry.objects.filter(action="catalog.move_category").exists()


def test_a_move_that_another_overtook_is_refused() -> None:
    seen = stamp("cups")
    move("cups", "bath")
    with pytest.raises(ChangedMeanwhile):
        move("cups", None, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        move("pots", "bath", "kitchen")
    assert shape() == {None: ["kitchen", "bath"], "kitchen": ["pots"], "bath": ["cups"]}


def test_names_and_slugs_are_saved_together_and_old_addresses_lead_to_the_new(client: Client) -> None:
    renamed = rename("pots", names={"de": "Töpfe", "ja": "鍋"}, slugs={"de": "toepfe", "ja": ""})
    assert (renamed.names, renamed.addresses) == (2, 2)
    pots = Category.objects.get(code="pots")
    assert (pots.text("name", "de"), pots.text("name", "fr")) == ("Töpfe", "Pots")
    assert slugs_of(pots)["de"] == "toepfe"
    assert slugs_of(pots)["ja"] == "鍋"
    answer = client.get("/de/de/c/pots-de/")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/de/de/c/toepfe/")


def test_an_empty_name_falls_back_and_the_address_stays() -> None:
    renamed = rename("pots", names={"de": ""})
    assert (renamed.names, renamed.addresses) == (1, 0)
    assert Category.objects.get(code="pots").text("name", "de") == "Pots"
    assert slugs_of(Category.objects.get(code="pots"))["de"] == "pots-de"


def test_a_taken_slug_is_refused_with_the_name_of_who_has_it() -> None:
    product = make_product("cup", names={"en": "Cup", "de": "Tasse"})
    rename("bath", slugs={"de": "bad"})
    rename("bath", slugs={"de": "badezimmer"})
    before = slugs_of(Category.objects.get(code="pots"))
    with pytest.raises(CategoryRefused) as refused:
        rename("pots", names={"en": "", "fr": "x" * 121}, slugs={"de": "Tasse", "ja": "!!", "fr": "cups"})
    assert set(refused.value.problems) == {"name-en", "name-fr", "slug-de", "slug-ja", "slug-fr"}
    assert product.text("name", "de") in refused.value.problems["slug-de"]
    with pytest.raises(CategoryRefused) as refused:
        rename("pots", slugs={"de": "bad"})
    assert "still leads there" in refused.value.problems["slug-de"]
    assert slugs_of(Category.objects.get(code="pots")) == before
    assert Category.objects.get(code="pots").name == "Pots"


def test_a_freed_slug_can_be_taken_to_the_letter() -> None:
    actions.put_category(code="tea", texts={"name": {"en": "Bath"}})
    assert slugs_of(Category.objects.get(code="tea"))["en"] == "bath-tea"
    Route.objects.filter(category=pk_of("bath")).delete()
    rename("tea", slugs={"en": "bath"})
    assert slugs_of(Category.objects.get(code="tea"))["en"] == "bath"


def test_a_chosen_slug_stays_when_other_screens_save_the_category_and_follows_a_new_name() -> None:
    rename("pots", slugs={"de": "toepfe"})
    pots = Category.objects.get(code="pots")
    note_vocabulary(row=pots)
    actions.put_category(code="pots", texts={"name": {"de": "pots de", "fr": "Marmites"}}, parent="kitchen")
    assert slugs_of(pots) | {"de": "toepfe", "fr": "marmites", "en": "pots"} == slugs_of(pots)
    form = {
        "code": "pots",
        "parent": str(pots.parent_id),
        "name": "Pots",
        "name_de": "pots de",
        "name_fr": "Casseroles",
    }
    form |= {"position": "1", "active": "on", "facets-TOTAL_FORMS": "0", "facets-INITIAL_FORMS": "0"}
    owner().post(reverse("admin:catalog_category_change", args=[pots.pk]), form)
    assert slugs_of(pots) | {"de": "toepfe", "fr": "casseroles"} == slugs_of(pots)


def test_a_new_category_stands_last_with_a_code_of_its_own() -> None:
    first, second = (create_category(name=" Side  pots ", parent_id=pk_of("kitchen")) for _time in range(2))
    assert (first.name, first.code, second.code) == ("Side pots", "side-pots", "side-pots-2")
    assert shape()["kitchen"][-2:] == ["side-pots", "side-pots-2"]
    assert slugs_of(second)["en"] == "side-pots-side-pots-2"
    for name, code in (("", ""), ("Pans", "pots"), ("Pans", "!!")):
        with pytest.raises(CategoryRefused):
            create_category(name=name, parent_id=None, code=code)


def test_a_category_is_shown_at_its_address_only_or_not_at_all(client: Client) -> None:
    assert set_category_visibility(category_id=pk_of("pots"), visibility=Visibility.ADDRESS)
    assert not set_category_visibility(category_id=pk_of("pots"), visibility=Visibility.ADDRESS)
    pots = shelves(market_by_code("de", language="de")).by_id[pk_of("pots")]
    assert not pots.in_menu
    set_category_visibility(category_id=pk_of("pots"), visibility=Visibility.HIDDEN)
    assert pk_of("pots") not in shelves(market_by_code("de", language="de")).by_id
    assert client.get("/de/de/c/pots-de/").status_code == 404


def test_only_an_empty_category_goes_and_its_addresses_lead_to_the_one_above(client: Client) -> None:
    make_product("cup", category="cups")
    Product.objects.get().categories.add(pk_of("bath"))
    SearchRedirect.objects.create(language="de", query="pan", normal="pan", category_id=pk_of("pots"))
    for code in ("kitchen", "cups", "bath", "pots"):
        with pytest.raises(CategoryInUse) as refused:
            delete_category(category_id=pk_of(code))
        assert refused.value.uses
    SearchRedirect.objects.all().delete()
    CategoryFacet.objects.create(category_id=pk_of("pots"), facet=FacetDef.objects.get(key="colour"))
    assert delete_category(category_id=pk_of("pots")).addresses == 8
    answer = client.get("/de/de/c/pots-de/")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/de/de/c/kitchen-de/")
    assert AuditEntry.objects.filter(action="catalog.delete_category").count() == 1
    Product.objects.get().categories.clear()
    delete_category(category_id=pk_of("bath"))
    assert client.get("/de/de/c/bath-de/").status_code == 404


# The screens


@pytest.fixture
def browser() -> Client:
    names = ("view", "add", "change", "delete")
    return operator(*(f"catalog.{name}_category" for name in names))


def send(browser: Client, shelf: str, /, **fields: str):
    return browser.post(reverse("admin:catalog_category", args=[pk_of(shelf)]), fields, follow=True)


def words_form(browser: Client, code: str) -> dict[str, str]:
    """What a browser would send back unchanged."""
    panel = browser.get(reverse("admin:catalog_category", args=[pk_of(code)])).context["panel"]
    form = {f"name-{row.language}": row.name for row in panel.words}
    return (
        form | {f"slug-{row.language}": row.slug for row in panel.words} | {"deed": "words", "seen": panel.words_stamp}
    )


def test_the_buttons_move_and_say_what_happened(browser: Client) -> None:
    make_product("cup", category="cups")
    given = {"category": str(pk_of("cups")), "at": str(pk_of("cups")), "open": str(pk_of("kitchen"))}
    tree = reverse("admin:catalog_tree")
    answer = browser.post(tree, given | {"deed": "up", "seen": stamp("cups")}, follow=True)
    assert "has its new place. No address changes." in text(answer)
    assert f"open={pk_of('kitchen')}" in answer.request["QUERY_STRING"]
    answer = browser.post(tree, given | {"deed": "to", "parent": "bath", "seen": stamp("cups")}, follow=True)
    assert "Its address and those below it stay as they are. 1 product is being listed anew." in text(answer)
    answer = browser.post(tree, given | {"deed": "out", "seen": "old"}, follow=True)
    assert "Somebody else changed this in the meantime." in text(answer)
    answer = browser.post(tree, given | {"deed": "to", "parent": "nowhere", "seen": stamp("cups")}, follow=True)
    assert "There is no category with the code “nowhere”." in text(answer)
    answer = browser.post(tree, given | {"deed": "down", "seen": stamp("cups")}, follow=True)
    assert "It cannot be moved any further this way." in text(answer)
    assert shape() == {None: ["kitchen", "bath"], "kitchen": ["pots"], "bath": ["cups"]}


def test_a_row_is_dropped_before_another(browser: Client) -> None:
    drop = {"deed": "place", "category": str(pk_of("bath")), "seen": stamp("bath"), "in-tree": "1", "at": ""}
    place = {"parent": str(pk_of("kitchen")), "before": str(pk_of("cups"))}
    answer = browser.post(reverse("admin:catalog_tree"), drop | place)
    assert answer.headers["Location"].endswith(f"#c-{pk_of('bath')}")
    assert shape()["kitchen"] == ["pots", "bath", "cups"]


def test_refused_words_stand_in_the_form_with_everything_typed(browser: Client) -> None:
    form = words_form(browser, "pots") | {"name-de": "Töpfe", "slug-de": "cups-de", "name-fr": "Casseroles"}
    answer = browser.post(reverse("admin:catalog_category", args=[pk_of("pots")]), form)
    assert answer.status_code == 422
    page = text(answer)
    assert 'value="Töpfe"' in page
    assert 'value="Casseroles"' in page
    assert "This is the address of “cups de” already." in page
    assert Category.objects.get(code="pots").text("name", "de") == "pots de"
    answer = browser.post(
        reverse("admin:catalog_category", args=[pk_of("pots")]), form | {"slug-de": "toepfe"}, follow=True
    )
    assert "Saved. 1 address changes; the old one leads to the new." in text(answer)


def test_words_a_colleague_changed_are_shown_beside_what_was_typed(browser: Client) -> None:
    form = words_form(browser, "pots") | {"name-de": "Töpfe"}
    rename("pots", names={"de": "Kochtöpfe"})
    answer = browser.post(reverse("admin:catalog_category", args=[pk_of("pots")]), form)
    assert answer.status_code == 422
    assert "Stored now: Kochtöpfe" in text(answer)
    assert 'value="Töpfe"' in text(answer)
    again = form | {"seen": answer.context["panel"].words_stamp}
    assert browser.post(reverse("admin:catalog_category", args=[pk_of("pots")]), again).status_code == 302
    assert Category.objects.get(code="pots").text("name", "de") == "Töpfe"


def test_the_smaller_deeds_of_the_panel(browser: Client) -> None:
    send(browser, "pots", deed="visibility", visibility="hidden")
    assert not Category.objects.get(code="pots").active
    assert "There is no picture with this code." in text(send(browser, "pots", deed="picture", picture="none"))
    assert "“Pans” is made." in text(send(browser, "pots", deed="create", name="Pans"))
    answer = send(browser, "pots", deed="create", name="Woks", code="pans")
    assert "Another category has this code." in text(answer)
    assert 'value="Woks"' in text(answer)
    assert "Only an empty category can be deleted." in text(send(browser, "pots", deed="delete"))
    assert "is deleted." in text(send(browser, "pans", deed="delete"))
    assert "“Garden” is made." in text(
        browser.post(reverse("admin:catalog_tree"), {"deed": "create", "name": "Garden"}, follow=True)
    )
    assert shape() == {None: ["kitchen", "bath", "garden"], "kitchen": ["pots", "cups"]}


def test_only_operators_who_may_look_see_the_tree_and_only_those_who_may_change_it_move() -> None:
    tree, one = reverse("admin:catalog_tree"), reverse("admin:catalog_category", args=[pk_of("pots")])
    before = shape()
    for stranger in (Client(), shopper()):
        assert stranger.get(tree).status_code == 302
        assert stranger.post(one, {"deed": "delete"}).status_code == 302
    assert operator("catalog.view_product").get(tree).status_code == 403
    looker = operator("catalog.view_category")
    assert looker.get(one).status_code == 200
    assert "Move to" not in text(looker.get(one))
    drop = {"deed": "place", "category": str(pk_of("pots")), "seen": stamp("pots"), "parent": "", "before": ""}
    assert looker.post(tree, drop).status_code == 403
    for deed in ("words", "create", "visibility", "picture", "delete"):
        assert looker.post(one, {"deed": deed, "name": "x", "visibility": "hidden"}).status_code == 403
    assert shape() == before


def test_branches_fold_and_a_script_gets_one_alone(browser: Client) -> None:
    tree = reverse("admin:catalog_tree")
    assert "Cups" in text(browser.get(tree))
    assert "Cups" not in text(browser.get(f"{tree}?open="))
    piece = browser.get(f"{tree}?branch={pk_of('kitchen')}", headers={"X-Fragment": "branch"})
    assert "Cups" in text(piece)
    assert "<html" not in text(piece)
    assert browser.get(f"{tree}?branch=999999", headers={"X-Fragment": "branch"}).status_code == 404
    found = browser.get(f"{tree}?q=cup").context["page"].found
    assert [(each.node.code, each.path) for each in found] == [("cups", "Kitchen")]


def test_five_thousand_categories_cost_no_more_queries_and_are_shown_in_parts(browser: Client) -> None:
    shelf = Category.objects.bulk_create(Category(code=f"s-{n}", name=f"Shelf {n}", position=n) for n in range(500))
    Category.objects.bulk_create(
        Category(code=f"t-{n}", name=f"Shelf {n}", parent=shelf[n // 9], position=n) for n in range(4500)
    )
    tree, one = reverse("admin:catalog_tree"), reverse("admin:catalog_category", args=[pk_of("t-4499")])
    for address in (tree, f"{tree}?open=all", f"{tree}?q=shelf", one, f"{one}?open=all"):
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(address)
        assert len(queries) <= 30, address
        assert len(page.content) < 1_500_000, address
    page = browser.get(tree).context["page"]
    assert (page.total, len(page.branches), page.rest.count) == (5004, 200, 302)
    assert len(browser.get(page.rest.url).context["page"].branches) == 400
    assert "t-4499" in text(browser.get(one))
    assert browser.get(f"{tree}?q=shelf").context["page"].found_all == 5000
