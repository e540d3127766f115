"""The navigation of the operator screens: what this person may see, with what waits there."""

from collections.abc import Callable, Iterable, Iterator
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
from inventory.models import PurchaseOrder, ReplenishmentProposal, StockAlert, StockTake, Transfer
from orders.models import ApprovalState, MoneyApproval, ParcelException, ReturnRequest, Ticket, TicketState
from orders.queries import orders_to_ship
from orders.states import RETURNS_OPEN
from orders.workspace.types import Tone
from payments.models import BankLine, Dispute, DisputeState, PaymentException, ReconciliationItem

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


def _trouble() -> QuerySet[Any]:
    return ParcelException.objects.filter(resolved_at__isnull=True)


def _alerts() -> QuerySet[Any]:
    return StockAlert.objects.filter(closed__isnull=True, level__in=["low", "out", "expiring"])


def _transfers() -> QuerySet[Any]:
    return Transfer.objects.filter(state__in=["ready", "in_transit", "partly_received"])


def _takes() -> QuerySet[Any]:
    return StockTake.objects.filter(state="review")


def _proposals() -> QuerySet[Any]:
    return ReplenishmentProposal.objects.filter(state="open")


def _coming() -> QuerySet[Any]:
    return PurchaseOrder.objects.filter(state__in=PurchaseOrder.COMING)


def _differences() -> QuerySet[Any]:
    return ReconciliationItem.objects.filter(state="open")


def _questions() -> QuerySet[Any]:
    return Ticket.objects.filter(state=TicketState.OPEN)


def _cases() -> QuerySet[Any]:
    return PaymentException.objects.filter(state="open")


def _disputes() -> QuerySet[Any]:
    return Dispute.objects.filter(state=DisputeState.OPEN)


def _approvals() -> QuerySet[Any]:
    return MoneyApproval.objects.filter(state=ApprovalState.ASKED)


def _bank_lines() -> QuerySet[Any]:
    return BankLine.objects.filter(booking__isnull=True)


def _unsent_messages() -> QuerySet[Any]:
    """What could not be sent and waits for somebody to send it again."""
    return Message.objects.filter(state=Message.State.FAILED)


def _imports() -> QuerySet[Any]:
    return Job.objects.filter(kind=IMPORT, state__in=[Job.State.QUEUED, Job.State.RUNNING])


@dataclass(frozen=True)
class Shelf:
    """Screens under one heading: those one goes to every day, and behind "More" those one goes to now and then."""

    heading: Label
    daily: tuple[Place, ...]
    rest: tuple[Place, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them."""
        return self.daily + self.rest


SHELVES: tuple[Shelf, ...] = (
    Shelf(
        "",
        (
            Place(pgettext_lazy("screen", "Today"), "grid", "admin:index", key="h"),
            Place(_("Orders"), "box", "admin:workspace_list", "orders.view_order", orders_to_ship, key="o"),
            Place(_("Warehouse floor"), "truck", "admin:floor", "orders.view_pickwave", key="f"),
            Place(_("Returns"), "back", "admin:workspace_returns", "orders.view_returnrequest", _returns, key="r"),
            Place(
                _("Parcels in trouble"),
                "truck",
                "admin:workspace_parcels",
                "orders.view_parcelexception",
                _trouble,
                "warn",
                key="w",
            ),
            Place(
                _("Questions about orders"),
                "bell",
                "admin:workspace_tickets",
                "orders.view_ticket",
                _questions,
                key="q",
            ),
            Place(_("Customers"), "user", "admin:members_user_changelist", "members.view_user", key="c"),
            Place(_("Customer groups"), "user", "admin:members_customergroup_changelist", "members.view_customergroup"),
        ),
    ),
    Shelf(
        _("Catalog"),
        (
            Place(_("Products"), "tag", "admin:catalog_product_changelist", "catalog.view_product", key="p"),
            Place(_("Prices"), "receipt", "admin:catalog_prices", "catalog.view_price", key="e"),
            Place(_("Stock"), "box", "admin:inventory_sheet", "inventory.view_stockitem", _alerts, "warn", key="s"),
            Place(
                pgettext_lazy("screen", "Translations"),
                "globe",
                "admin:translations",
                "catalog.view_translationstate",
                key="t",
            ),
            Place(_("Import"), "sort", "admin:console_import", "catalog.import_products", _imports, key="i"),
        ),
        (
            Place(_("Categories"), "menu", "admin:catalog_tree", "catalog.view_category", key="k"),
            Place(_("Media library"), "play", "admin:catalog_media", "catalog.view_mediaasset"),
            Place(_("Details of products"), "tag", "admin:catalog_attributes", "catalog.view_attributedef"),
            Place(_("Customs facts"), "globe", "admin:catalog_customs", "catalog.view_variant"),
            Place(_("Planned prices"), "clock", "admin:catalog_price_plans", "catalog.view_priceplan"),
            Place(_("What happens when"), "clock", "admin:catalog_planned", "catalog.view_product"),
            Place(_("Changes of many rows"), "sort", "admin:catalog_bulk_runs", "catalog.change_in_bulk"),
            Place(_("Stock records"), "truck", "admin:inventory_stockitem_changelist", "inventory.view_stockitem"),
            Place(_("Transfers"), "truck", "admin:inventory_transfers", "inventory.view_transfer", _transfers),
            Place(_("Stock takes"), "check", "admin:inventory_takes", "inventory.view_stocktake", _takes),
            Place(_("Corrections of stock"), "doc", "admin:inventory_corrections", "inventory.view_stockmovement"),
            Place(_("Stock alerts"), "alert", "admin:inventory_alerts", "inventory.view_stockalert"),
            Place(_("Batches"), "clock", "admin:inventory_batches", "inventory.view_batch"),
            Place(
                _("Calendars of warehouses"), "clock", "admin:inventory_calendars", "inventory.view_warehouseholiday"
            ),
            Place(_("Stock of channels"), "globe", "admin:inventory_channels", "inventory.view_channel"),
            Place(_("Delivery lanes"), "truck", "admin:inventory_lane_changelist", "inventory.view_lane"),
            Place(_("If a warehouse were closed"), "chart", "admin:inventory_replay", "inventory.replay_sourcing"),
            Place(_("Labels"), "receipt", "admin:workspace_labels", "inventory.use_carrieraccount"),
            Place(
                _("Carrier accounts"),
                "truck",
                "admin:inventory_carrieraccount_changelist",
                "inventory.view_carrieraccount",
            ),
            Place(_("Export"), "doc", "admin:console_export", "catalog.export_products"),
            Place(_("Product feeds"), "globe", "admin:console_feeds", "catalog.manage_feeds"),
        ),
    ),
    Shelf(
        _("Buying"),
        (
            Place(
                pgettext_lazy("screen", "To order"),
                "alert",
                "admin:buying_proposals",
                "inventory.view_replenishmentproposal",
                _proposals,
                "warn",
                key="n",
            ),
            Place(
                _("Purchase orders"),
                "truck",
                "admin:buying_purchases",
                "inventory.view_purchaseorder",
                _coming,
                key="u",
            ),
        ),
        (
            Place(_("Turnover and slow sellers"), "chart", "admin:buying_turnover", "inventory.view_forecast"),
            Place(_("Suppliers"), "user", "admin:inventory_supplier_changelist", "inventory.view_supplier"),
            Place(
                _("Stock feeds of suppliers"),
                "sort",
                "admin:inventory_supplierfeed_changelist",
                "inventory.view_supplierfeed",
            ),
            Place(_("Buying rules"), "cog", "admin:inventory_buyingpolicy_changelist", "inventory.view_buyingpolicy"),
        ),
    ),
    Shelf(
        _("Money"),
        (
            Place(_("Payments"), "receipt", "admin:payments_payment_changelist", "payments.view_payment", key="m"),
            Place(
                _("Payment cases"),
                "alert",
                "admin:payments_paymentexception_changelist",
                "payments.view_paymentexception",
                _cases,
                "warn",
            ),
            Place(
                _("Disputes"), "alert", "admin:payments_dispute_changelist", "payments.view_dispute", _disputes, "warn"
            ),
            Place(
                _("Second person"),
                "check",
                "admin:orders_moneyapproval_changelist",
                "orders.view_moneyapproval",
                _approvals,
                "warn",
            ),
            Place(_("Bank transfers"), "receipt", "admin:payments_bank", "payments.view_bankline", _bank_lines, "warn"),
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
        (
            Place(_("Invoices and credit notes"), "doc", "admin:orders_document_changelist", "orders.view_document"),
            Place(_("Gift cards"), "gift", "admin:payments_giftcard_changelist", "payments.view_giftcard"),
            Place(_("Store credit"), "user", "admin:payments_storecredit_changelist", "payments.view_storecredit"),
            Place(_("Granted credit"), "check", "admin:payments_creditgrant_changelist", "payments.view_creditgrant"),
        ),
    ),
    Shelf(
        _("Understand"),
        (
            Place(_("Financial statements"), "chart", "admin:statements", "orders.view_statements"),
            Place(_("Activity log"), "clock", "admin:core_auditentry_changelist", "core.view_auditentry", key="l"),
            Place(
                _("Messages"), "bell", "admin:core_message_changelist", "core.view_message", _unsent_messages, "warn"
            ),
            Place(_("Jobs"), "sort", "admin:core_job_changelist", "core.view_job", key="j"),
        ),
    ),
    Shelf(
        _("Set up"),
        (
            Place(_("Open and close markets"), "globe", "admin:openings", "markets.view_market"),
            Place(_("Content"), "doc", "admin:content_page_changelist", "content.view_page"),
            Place(_("Team and roles"), "lock", "admin:auth_group_changelist", "auth.view_group"),
        ),
        (
            Place(_("Look of markets"), "grid", "admin:market_looks", "markets.view_market"),
            Place(_("Markets and tax"), "globe", "admin:markets_market_changelist", "markets.view_market"),
            Place(_("Customs and tax tables"), "receipt", "admin:console_customs", "markets.view_dutyrule"),
            Place(_("Risk rules"), "lock", "admin:payments_risk_rules", "payments.view_riskdecision"),
            Place(_("Tags of orders"), "tag", "admin:orders_ordertag_changelist", "orders.view_ordertag"),
            Place(_("Messages to customers"), "bell", "admin:console_mails", "core.preview_message"),
            Place(_("Testimonials"), "heart", "admin:content_testimonial_changelist", "content.view_testimonial"),
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
        seen = [place for shelf in SHELVES for place in shelf.places if may_open(self.request.user, place)]
        entries = dict(zip(seen, self._entries(seen), strict=True))
        groups = (
            NavGroup(
                heading=str(shelf.heading),
                entries=tuple(entries[place] for place in shelf.daily if place in entries),
                more=tuple(entries[place] for place in shelf.rest if place in entries),
            )
            for shelf in SHELVES
        )
        return tuple(group for group in groups if group.entries or group.more)

    def _entries(self, places: Iterable[Place]) -> Iterator[NavEntry]:
        counts = waiting_at(places)
        urls = {place: reverse(place.url_name) for place in places}
        here = self._here(urls.values())
        for place, url in urls.items():
            yield NavEntry(
                label=str(place.label),
                icon=place.icon,
                url=url,
                current=url == here,
                count=counts.get(place.url_name, 0),
                tone=place.tone,
                key=place.key,
            )

    def _here(self, urls: Iterable[str]) -> str:
        """The address that is nearest to the screen one is on; `/admin/` is only itself, or every screen were it."""
        path, home = self.request.path, reverse("admin:index")
        return max((url for url in urls if path == url or (url != home and path.startswith(url))), key=len, default="")


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
    return [place for shelf in SHELVES for place in shelf.places if may_open(person, place)]
