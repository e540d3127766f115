"""The navigation of the operator screens: what this person may see, with what waits there."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.importers.preparing import KIND as IMPORT
from config.console.types import NavEntry, NavGroup
from core.models import Job, Message
from inventory.models import StockAlert
from orders.models import ReturnRequest
from orders.queries import orders_to_ship
from orders.states import RETURNS_OPEN
from orders.workspace.types import Tone
from payments.models import ReconciliationItem

Label = str | Promise
Person = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True)
class Place:
    """One screen of the admin: its name, its address, and the permission that opens it."""

    label: Label
    icon: str
    url_name: str
    permission: str = ""
    waiting: Callable[[], QuerySet[Any]] | None = None
    tone: Tone = "plain"
    key: str = ""
    """Which key leads there after g."""


def _returns() -> QuerySet[Any]:
    return ReturnRequest.objects.filter(state__in=RETURNS_OPEN)


def _alerts() -> QuerySet[Any]:
    return StockAlert.objects.filter(closed__isnull=True)


def _differences() -> QuerySet[Any]:
    return ReconciliationItem.objects.filter(state="open")


def _unsent_messages() -> QuerySet[Any]:
    """What could not be sent and waits for somebody to send it again."""
    return Message.objects.filter(state=Message.State.FAILED)


def _imports() -> QuerySet[Any]:
    return Job.objects.filter(kind=IMPORT, state__in=[Job.State.QUEUED, Job.State.RUNNING])


PLACES: tuple[tuple[Label, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place(pgettext_lazy("screen", "Today"), "grid", "admin:index", key="h"),
            Place(_("Orders"), "box", "admin:workspace_list", "orders.view_order", orders_to_ship, key="o"),
            Place(_("Returns"), "back", "admin:workspace_returns", "orders.view_returnrequest", _returns, key="r"),
            Place(_("Questions about orders"), "bell", "admin:workspace_tickets", "orders.view_ticket", key="q"),
            Place(_("Customers"), "user", "admin:members_user_changelist", "members.view_user", key="c"),
        ),
    ),
    (
        _("Catalog"),
        (
            Place(_("Products"), "tag", "admin:catalog_product_changelist", "catalog.view_product", key="p"),
            Place(_("Categories"), "menu", "admin:catalog_tree", "catalog.view_category", key="k"),
            Place(_("Media library"), "play", "admin:catalog_media", "catalog.view_mediaasset"),
            Place(_("Prices"), "doc", "admin:catalog_prices", "catalog.view_price", key="e"),
            Place(_("Planned prices"), "sort", "admin:catalog_price_plans", "catalog.view_priceplan"),
            Place(_("Details of products"), "tag", "admin:catalog_attributes", "catalog.view_attributedef"),
            Place(_("What happens when"), "clock", "admin:catalog_planned", "catalog.view_product"),
            Place(_("Customs facts"), "globe", "admin:catalog_customs", "catalog.view_variant"),
            Place(_("Stock"), "box", "admin:inventory_sheet", "inventory.view_stockitem", key="s"),
            Place(_("Changes of many rows"), "sort", "admin:catalog_bulk_runs", "catalog.change_in_bulk"),
            Place(
                _("Inventory"),
                "truck",
                "admin:inventory_stockitem_changelist",
                "inventory.view_stockitem",
                _alerts,
                "warn",
            ),
            Place(
                pgettext_lazy("screen", "Translations"),
                "globe",
                "admin:translations",
                "catalog.view_translationstate",
                key="t",
            ),
            Place(_("Import"), "sort", "admin:console_import", "catalog.import_products", _imports, key="i"),
            Place(_("Export"), "doc", "admin:console_export", "catalog.export_products"),
            Place(_("Product feeds"), "globe", "admin:console_feeds", "catalog.manage_feeds"),
        ),
    ),
    (
        _("Money"),
        (
            Place(_("Payments"), "receipt", "admin:payments_payment_changelist", "payments.view_payment", key="m"),
            Place(_("Invoices and credit notes"), "doc", "admin:orders_document_changelist", "orders.view_document"),
            Place(_("Financial statements"), "chart", "admin:statements", "orders.view_statements"),
            Place(
                _("Payment cases"),
                "alert",
                "admin:payments_paymentexception_changelist",
                "payments.view_paymentexception",
            ),
            Place(_("Gift cards"), "gift", "admin:payments_giftcard_changelist", "payments.view_giftcard"),
            Place(_("Store credit"), "user", "admin:payments_storecredit_changelist", "payments.view_storecredit"),
            Place(_("Granted credit"), "check", "admin:payments_creditgrant_changelist", "payments.view_creditgrant"),
            Place(_("Bank transfers"), "receipt", "admin:payments_bank", "payments.view_bankline"),
            Place(_("Disputes"), "alert", "admin:payments_dispute_changelist", "payments.view_dispute"),
            Place(_("Risk rules"), "lock", "admin:payments_risk_rules", "payments.view_riskdecision"),
            Place(_("Second person"), "check", "admin:orders_moneyapproval_changelist", "orders.view_moneyapproval"),
            Place(
                _("Books and providers"),
                "doc",
                "admin:payments_books",
                "payments.view_statemententry",
                _differences,
                "warn",
                key="b",
            ),
        ),
    ),
    (
        _("Understand"),
        (
            Place(_("Activity log"), "clock", "admin:core_auditentry_changelist", "core.view_auditentry", key="l"),
            Place(
                _("Messages"), "bell", "admin:core_message_changelist", "core.view_message", _unsent_messages, "warn"
            ),
            Place(_("Messages to customers"), "doc", "admin:console_mails", "core.preview_message"),
            Place(_("Jobs"), "chart", "admin:core_job_changelist", "core.view_job", key="j"),
        ),
    ),
    (
        _("Set up"),
        (
            Place(_("Content"), "doc", "admin:content_page_changelist", "content.view_page"),
            Place(_("Testimonials"), "heart", "admin:content_testimonial_changelist", "content.view_testimonial"),
            Place(_("Open and close markets"), "globe", "admin:openings", "markets.view_market"),
            Place(_("Look of markets"), "grid", "admin:market_looks", "markets.view_market"),
            Place(_("Markets and tax"), "globe", "admin:markets_market_changelist", "markets.view_market"),
            Place(_("Customs and tax tables"), "receipt", "admin:console_customs", "markets.view_dutyrule"),
            Place(_("Team and roles"), "lock", "admin:auth_group_changelist", "auth.view_group"),
            Place(_("Everything in tables"), "cog", "admin:tables", key="a"),
        ),
    ),
)


class Navigation:
    """The navigation for one request. Nothing is counted unless a page shows it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def groups(self) -> tuple[NavGroup, ...]:
        """Headings with the links this person may follow; headings without links are left out."""
        seen = [
            (heading, [place for place in places if may_open(self.request.user, place)]) for heading, places in PLACES
        ]
        counts = waiting_at([place for _heading, places in seen for place in places])
        return tuple(
            NavGroup(heading=str(heading), entries=tuple(self._entry(place, counts) for place in places))
            for heading, places in seen
            if places
        )

    def _entry(self, place: Place, counts: Mapping[str, int]) -> NavEntry:
        url = reverse(place.url_name)
        return NavEntry(
            label=str(place.label),
            icon=place.icon,
            url=url,
            current=self._is_here(url),
            count=counts.get(place.url_name, 0),
            tone=place.tone,
            key=place.key,
        )

    def _is_here(self, url: str) -> bool:
        path = self.request.path
        return path == url if url == reverse("admin:index") else path.startswith(url)


def waiting_at(places: Iterable[Place]) -> dict[str, int]:
    """How much waits at each place where something does, by the name of its address. One query."""
    asked = [
        place.waiting().order_by().annotate(at=Value(place.url_name)).values("at").annotate(many=Count("pk"))
        for place in places
        if place.waiting
    ]
    counted = [rows.values_list("at", "many") for rows in asked]
    return dict(counted[0].union(*counted[1:], all=True)) if counted else {}


def may_open(person: Person, place: Place) -> bool:
    """Whether this person may follow the link."""
    return not place.permission or bool(person.has_perm(place.permission))  # type: ignore[union-attr]  # all can be asked


def places_for(person: Person) -> list[Place]:
    """Every screen this person may open, for the search."""
    return [place for _heading, places in PLACES for place in places if may_open(person, place)]
