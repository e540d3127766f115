"""The catalogue in the admin: forms call actions, lists stay within their budget."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Category, DirtyProduct, FacetDef, Product, Review, Route, Variant
from core.models import AuditEntry
from tests.factories.catalog import ProductTypeFactory, approved_review, make_product, many_products, option
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def world():
    small_world("de")
    option("colour", {"ink": "#111111", "bone": "#eeeeee"}, input="swatch")
    ProductTypeFactory()


@pytest.fixture
def operator(client):
    user = get_user_model().objects.create_superuser(email="operator@meridian.example", password="long enough 1")
    client.force_login(user)
    return client


def product_fields(**changes):
    from catalog.models import OptionType, ProductType

    fields = {
        "code": "cup",
        "product_type": ProductType.objects.get().pk,
        "kind": "simple",
        "tax_category": "standard",
        "featured_rank": "10",
        "options": [OptionType.objects.get().pk],
        "name": "Cup",
        "name_de": "Tasse",
        "description_de": "<p>Gut</p><script>x</script>",
        "tags": "",
        "variants-TOTAL_FORMS": "0",
        "variants-INITIAL_FORMS": "0",
    }
    return fields | changes


def test_a_product_made_in_the_form_has_words_slugs_and_an_audit_entry(operator):
    response = operator.post(reverse("admin:catalog_product_add"), product_fields())
    assert response.status_code == 302, response.context["errors"]
    product = Product.objects.get(code="cup")
    assert (product.text("name", "de"), product.text("description", "de")) == ("Tasse", "<p>Gut</p>")
    assert Route.objects.filter(product=product, language="de", slug="tasse").exists()
    assert AuditEntry.objects.filter(action="catalog.create_product").count() == 1


def test_a_changed_product_keeps_its_code_and_is_derived_again(operator):
    product = make_product("cup", options={"colour": ("ink",)})
    DirtyProduct.objects.all().delete()
    address = reverse("admin:catalog_product_change", args=[product.pk])
    assert operator.get(address).status_code == 200
    fields = product_fields(name="Bowl", code="other")
    fields |= {"variants-TOTAL_FORMS": "1", "variants-INITIAL_FORMS": "1"}
    assert operator.post(address, fields).status_code == 302
    product.refresh_from_db()
    assert (product.name, product.code) == ("Bowl", "cup")
    assert DirtyProduct.objects.filter(product=product).exists()


def test_a_refusal_stands_above_the_form_and_changes_nothing(operator):
    product = make_product("cup", options={"colour": ("ink",)})
    fields = product_fields(options=[]) | {"variants-TOTAL_FORMS": "1", "variants-INITIAL_FORMS": "1"}
    response = operator.post(reverse("admin:catalog_product_change", args=[product.pk]), fields)
    assert response.status_code == 200
    assert "exactly one value for every option" in response.content.decode()
    assert Product.objects.get(pk=product.pk).name == product.name


def test_a_variant_is_added_from_its_product_and_a_twin_is_refused(operator):
    from catalog.models import OptionValue

    product = make_product("cup", options={"colour": ("ink",)})
    address = f"{reverse('admin:catalog_variant_add')}?product={product.pk}"
    assert operator.get(address).status_code == 200
    values = dict(OptionValue.objects.values_list("code", "pk"))
    fields = {
        "sku": "CUP-BONE",
        "status": "active",
        "position": "1",
        "weight_g": "300",
        "option_colour": values["bone"],
        "restricted_flags": "",
        "hs_code": "",
        "origin_country": "",
    }
    assert operator.post(address, fields).status_code == 302
    assert Variant.objects.get(sku="CUP-BONE").signature == "colour=bone"
    twin = operator.post(address, fields | {"sku": "CUP-BONE-2"})
    assert "exists already" in twin.content.decode()
    assert Variant.objects.filter(product=product).count() == 2
    assert operator.get(reverse("admin:catalog_variant_add")).status_code == 403
    variant = Variant.objects.get(sku="CUP-BONE")
    assert operator.get(reverse("admin:catalog_variant_change", args=[variant.pk])).status_code == 200


def test_products_go_on_and_off_sale_from_the_list_and_say_what_is_missing(operator):
    make_product("cup", active=False)
    operator.post(reverse("admin:catalog_product_add"), product_fields(code="bare"))
    ids = list(Product.objects.values_list("pk", flat=True))
    address = reverse("admin:catalog_product_changelist")
    response = operator.post(address, {"action": "put_on_sale", "_selected_action": ids}, follow=True)
    assert "It has no variant on sale." in response.content.decode()
    assert dict(Product.objects.values_list("code", "status")) == {"cup": "active", "bare": "draft"}


def test_reviews_are_shown_by_those_who_may(operator):
    product = make_product("cup")
    approved_review(product)
    review = Review.objects.get()
    reason = {"refusal": "spam", "note": ""}
    assert operator.post(reverse("admin:catalog_review_reject", args=[review.pk]), reason).status_code == 302
    product.refresh_from_db()
    assert product.rating_count == 0
    operator.post(reverse("admin:catalog_review_changelist"), {"action": "approve", "_selected_action": [review.pk]})
    product.refresh_from_db()
    assert product.rating_count == 1


def test_a_category_saved_here_has_an_address(operator):
    fields = {"code": "tea", "name": "Tea", "name_de": "Tee", "position": "1", "active": "on", "in_menu": "on"}
    fields |= {"facets-TOTAL_FORMS": "0", "facets-INITIAL_FORMS": "0"}
    response = operator.post(reverse("admin:catalog_category_add"), fields)
    assert response.status_code == 302, response.context["errors"]
    assert Category.objects.get(code="tea").text("name", "de") == "Tee"
    assert Route.objects.filter(category__code="tea", language="de", slug="tee").exists()


def test_lists_cost_the_same_for_one_row_and_for_many(operator):
    names = (
        "product", "variant", "category", "optiontype", "attributedef", "brand", "maker", "producttype", "facetdef",
        "synonym", "pricelist", "price", "publishedprice", "review",
    )  # fmt: skip
    many_products(1, category="kitchen", options={"colour": ("ink", "bone")})
    one = {name: queries_of_list(operator, name) for name in names}
    approved_review(many_products(6, category="kitchen", options={"colour": ("ink", "bone")})[0])
    many = {name: queries_of_list(operator, name) for name in names}
    assert {name: count for name, count in many.items() if count > max(one[name], 12)} == {}
    assert max(one.values()) <= 14, one


def queries_of_list(operator, name):
    address = reverse(f"admin:catalog_{name}_changelist")
    assert operator.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert operator.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", ["product", "variant", "review", "price"])
def test_nobody_and_shoppers_are_kept_out(client, name):
    address = reverse(f"admin:catalog_{name}_changelist")
    assert client.get(address).status_code == 302
    client.force_login(get_user_model().objects.create_user(email="shopper@meridian.example", password="long enough 1"))
    assert client.get(address).status_code == 302
    assert FacetDef.objects.exists()
