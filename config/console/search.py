"""One search for operators: orders, products, people, purchase orders, and screens by their name."""

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.models import Product, Variant
from config.console.navigation import places_for
from config.console.types import Hit, SearchPage
from core.money import format_money
from inventory.models import PurchaseOrder
from members.models import User
from orders.models import Order
from orders.past.queries import found_past_orders, platform_name
from orders.workspace.words import lifecycle_state

EACH = 10
Person = AbstractBaseUser | AnonymousUser


def find(text: str, person: Person) -> SearchPage:
    """Everything that fits, by kind; kinds this person may not see are not looked at. At most eight queries."""
    query = text.strip()[:100]
    if not query:
        return SearchPage(query="", groups=())
    kinds: tuple[tuple[str, str, Callable[[str], tuple[Hit, ...]]], ...] = (
        (_("Orders"), "orders.view_order", _orders),
        (_("Orders from elsewhere"), "orders.view_pastorder", _past_orders),
        (_("Products"), "catalog.view_product", _products),
        (_("People"), "members.view_user", _people),
        (_("Purchase orders"), "inventory.view_purchaseorder", _purchases),
    )
    groups = [
        (label, look(query))
        for label, permission, look in kinds
        if person.has_perm(permission)  # type: ignore[union-attr]  # every account can be asked
    ]
    groups.append((_("Screens"), _screens(query, person)))
    return SearchPage(query=query, groups=tuple(group for group in groups if group[1]))


def _orders(query: str) -> tuple[Hit, ...]:
    language = get_language() or "en"
    rows = Order.objects.filter(Q(number__holds=query) | Q(email__holds=query))
    return tuple(
        Hit(
            kind="order",
            label=order.number,
            detail=" · ".join(
                (order.email, format_money(order.total, language), lifecycle_state(order.lifecycle).label)
            ),
            url=reverse("admin:workspace_order", args=[order.number]),
        )
        for order in rows.order_by("-placed_at")[:EACH]
    )


def _past_orders(query: str) -> tuple[Hit, ...]:
    language = get_language() or "en"
    return tuple(
        Hit(
            kind="order",
            label=row.number,
            detail=" · ".join(
                part for part in (platform_name(row.platform), row.email, format_money(row.total, language)) if part
            ),
            url=reverse("admin:past_order", args=[row.pk]),
        )
        for row in found_past_orders(query)[:EACH]
    )


def _products(query: str) -> tuple[Hit, ...]:
    by_sku = Variant.objects.filter(sku__istartswith=query).values("product_id")
    rows = Product.objects.filter(Q(name__icontains=query) | Q(i18n__icontains=query) | Q(pk__in=by_sku))
    return tuple(
        Hit(
            kind="product",
            label=product.text("name", get_language() or "en"),
            detail=product.get_status_display(),
            url=reverse("admin:catalog_product_change", args=[product.pk]),
        )
        for product in rows.order_by("featured_rank")[:EACH]
    )


def _people(query: str) -> tuple[Hit, ...]:
    rows = User.objects.filter(Q(email__icontains=query) | Q(full_name__icontains=query))
    return tuple(
        Hit(
            kind="person",
            label=user.get_full_name(),
            detail=user.email,
            url=reverse("admin:members_user_change", args=[user.pk]),
        )
        for user in rows.order_by("email")[:EACH]
    )


def _purchases(query: str) -> tuple[Hit, ...]:
    named = Q(number__istartswith=query) | Q(supplier_ref__iexact=query) | Q(supplier__name__istartswith=query)
    rows = PurchaseOrder.objects.filter(named).select_related("supplier")
    return tuple(
        Hit(
            kind="purchase",
            label=row.number,
            detail=f"{row.supplier.name} · {row.get_state_display()}",
            url=reverse("admin:buying_purchase", args=[row.number]),
        )
        for row in rows.order_by("-pk")[:EACH]
    )


def _screens(query: str, person: Person) -> tuple[Hit, ...]:
    wanted = query.casefold()
    return tuple(
        Hit(kind="screen", label=str(place.label), detail="", url=reverse(place.url_name))
        for place in places_for(person)
        if wanted in str(place.label).casefold()
    )
