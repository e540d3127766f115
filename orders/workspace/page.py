"""One order for operators: rows read in a fixed number of queries, turned into the values its page shows."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext

from core.money import Money, from_minor, to_minor
from inventory.models import StockItem, Warehouse
from markets.names import language_name
from markets.queries import market_of_record
from markets.tax.labels import tax_label
from orders.actions.refund_shares import OPEN, refundable
from orders.floor.work import packed_here
from orders.models import (
    INSIDE,
    Fulfillment,
    FulfillmentLine,
    FulfillmentState,
    Lifecycle,
    Order,
    OrderHold,
    OrderLine,
    OrderRefund,
    OrderTaxLine,
    Package,
    ParcelException,
    ParcelState,
    PaymentState,
    RefundState,
)
from orders.ticket import tax_rows, ticket
from orders.workspace import words
from orders.workspace.books import books_sentence
from orders.workspace.landed import landed_panel
from orders.workspace.reading import read_together
from orders.workspace.rules import hold_reason, matched_rules, papers_panel
from orders.workspace.timeline import timeline_of
from orders.workspace.types import (
    Allowed,
    CustomerPanel,
    HoldView,
    OwnTag,
    PackLine,
    ParcelPanel,
    PaymentRow,
    RefundRow,
    State,
    TaxFact,
    Workspace,
)
from payments.credit.postings import PROVIDER as CREDIT
from payments.models import Payment
from payments.queries import payment_label, payment_view

CLOSED = frozenset({ParcelState.DELIVERED, ParcelState.CANCELED, ParcelState.RETURNED_TO_SENDER})
Person = AbstractBaseUser | AnonymousUser


def workspace(order: Order, person: Person) -> Workspace:
    """The whole page for this operator."""
    language = get_language() or "en"
    lines = list(read_together(order).lines.all())
    parcels = _parcels(order, lines)
    shelves = _shelves(lines)
    payments = list(Payment.objects.of_order(order.number).order_by("pk"))
    holds = [hold for hold in order.holds.select_related("owner").order_by("pk") if hold.is_open]
    taxes = list(order.tax_lines.all())
    groups = tax_rows(taxes, language)
    blocked = words.blocked_sentence(lifecycle=order.lifecycle, payment=order.payment_state, has_holds=bool(holds))
    return Workspace(
        number=order.number,
        placed_at=order.placed_at,
        market=market_of_record(order.market, language=language).name,
        market_code=order.market,
        seller=order.seller_name if order.merchant_ref else "",
        tags=_tags(order, is_held=bool(holds)),
        own_tags=_own_tags(order),
        blocked=blocked,
        holds=tuple(_hold(hold, order) for hold in holds),
        parcels=tuple(_parcel(parcel, shelves) for parcel in parcels),
        canceled=tuple(_pack_line(line, line.qty_canceled, "") for line in lines if line.qty_canceled),
        payments=tuple(_payment(row) for row in payments),
        held=_held(payments, order.currency),
        refunds=tuple(_refund(row) for row in sorted(order.refunds.all(), key=lambda row: -row.pk)),
        refundable=from_minor(max(0, refundable(order)), order.currency),
        customer=_customer(order, language),
        ticket=ticket(order, groups, [payment_view(row) for row in payments if row.provider == CREDIT]),
        tax_rows=groups,
        taxes=tuple(_tax(row, language) for row in taxes),
        landed=landed_panel(order, {str(line.position): words.sold_thing(line)[0] for line in lines}),
        delivery=" · ".join(part for part in (order.delivery_name, order.delivery_carrier) if part),
        timeline=timeline_of(order.pk, order.number, order.currency),
        allowed=_allowed(order, person, payments),
        url=reverse("admin:workspace_order", args=[order.number]),
        books=books_sentence(order),
        rules=matched_rules(order),
        papers=papers_panel(order),
        agreed=tuple(order.compliance_profile.get("agreed", {}).values()),
    )


def parcel_panel(order: Order, parcel_id: int) -> ParcelPanel | None:
    """One parcel of the order, for its forms."""
    lines = list(read_together(order).lines.all())
    shelves = _shelves(lines)
    return next((_parcel(row, shelves) for row in _parcels(order, lines) if row.pk == parcel_id), None)


def warehouse_choices() -> list[tuple[str, str]]:
    """Where returned goods can go."""
    return [(place.code, place.name_i18n) for place in Warehouse.objects.filter(is_active=True)]


def _parcels(order: Order, lines: Sequence[OrderLine]) -> Sequence[Fulfillment]:
    """The order's parcels; what they hold are `lines` themselves, with what was read of them."""
    parcels = list(
        order.fulfillments.exclude(state=ParcelState.CANCELED)
        .annotate(packed_here=Exists(packed_here().filter(code=OuterRef("warehouse_code"))))
        .prefetch_related(
            Prefetch("lines", FulfillmentLine.objects.order_by("order_line__position")),
            Prefetch("packages", Package.objects.order_by("pk")),
            Prefetch("exceptions", ParcelException.objects.filter(resolved_at=None).order_by("pk")),
        )
    )
    read = {line.pk: line for line in lines}
    for parcel in parcels:
        for content in parcel.lines.all():
            content.order_line = read[content.order_line_id]
    return parcels


def _shelves(lines: Sequence[OrderLine]) -> Mapping[tuple[str, int], str]:
    """(warehouse code, variant) to shelf."""
    rows = StockItem.objects.filter(variant_id__in=[line.variant_id for line in lines if line.variant_id])
    return {
        (code, variant): shelf for code, variant, shelf in rows.values_list("warehouse__code", "variant_id", "shelf")
    }


def _tags(order: Order, *, is_held: bool) -> tuple[State, ...]:
    found = [words.lifecycle_state(order.lifecycle)]
    if order.payment_state != PaymentState.NONE:
        found.append(words.payment_state(order.payment_state))
    if order.fulfillment_state != FulfillmentState.NONE:
        found.append(words.delivery_state(order.fulfillment_state))
    if is_held:
        found.append(State(label=pgettext("delivery of an order", "On hold"), tone="bad"))
    return tuple(found)


def _own_tags(order: Order) -> tuple[OwnTag, ...]:
    found = order.taggings.select_related("tag").order_by("tag__name")
    return tuple(OwnTag(pk=one.tag_id, state=words.tag(one.tag)) for one in found)


def _hold(hold: OrderHold, order: Order) -> HoldView:
    return HoldView(
        pk=hold.pk,
        kind=hold.get_kind_display(),
        reason=hold_reason(order, hold),
        facts=tuple((str(name), str(value)) for name, value in hold.facts.items()),
        since=hold.created,
        resolve_url=reverse("admin:workspace_resolve", args=[order.number, hold.pk]),
        plan_url=reverse("admin:workspace_plan_hold", args=[order.number, hold.pk]),
        owner=(hold.owner.get_full_name() or str(hold.owner)) if hold.owner else "",
        owner_id=hold.owner_id,
        due_at=hold.due_at,
        is_overdue=hold.is_overdue(timezone.now()),
    )


def _parcel(parcel: Fulfillment, shelves: Mapping[tuple[str, int], str]) -> ParcelPanel:
    packages = list(parcel.packages.all())
    package = packages[-1] if packages else None
    return ParcelPanel(
        pk=parcel.pk,
        position=parcel.position,
        place=parcel.city or parcel.warehouse_name,
        state=words.parcel_state(parcel.state),
        is_planned=parcel.state == ParcelState.PLANNED,
        is_inside=parcel.state in INSIDE,
        is_packed_here=bool(parcel.packed_here),  # type: ignore[attr-defined]  # annotated by `_parcels`
        may_arrive=parcel.has_left and parcel.state not in CLOSED,
        carrier=parcel.carrier,
        not_before=parcel.not_before,
        promised_from=parcel.eta_from,
        promised_to=parcel.eta_to,
        tracking_no=package.tracking_no if package else "",
        tracking_url=package.tracking_url if package else "",
        shipped_at=parcel.shipped_at,
        delivered_at=parcel.delivered_at,
        lines=tuple(
            _pack_line(
                row.order_line, row.quantity, shelves.get((parcel.warehouse_code, row.order_line.variant_id or 0), "")
            )
            for row in parcel.lines.all()
        ),
        heard=str(package.get_status_display()) if package and package.heard_at else "",
        expected=package.eta if package and parcel.delivered_at is None else None,
        troubles=tuple(
            (str(one.get_kind_display()), reverse("admin:workspace_parcel", args=[one.pk]))
            for one in parcel.exceptions.all()
        ),
    )


def _pack_line(line: OrderLine, in_parcel: int, shelf: str) -> PackLine:
    name, options = words.sold_thing(line)
    return PackLine(
        line_id=line.pk,
        sku=line.sku,
        name=name,
        options_text=options,
        shelf=shelf,
        hs_code=line.hs_code or _codes_of_parts(line),
        origin=line.origin,
        ordered=line.quantity,
        shipped=line.qty_shipped,
        in_parcel=in_parcel,
        total=line.line_total,
        contents=tuple((part.per_set * in_parcel, part.sku, part.name) for part in line.parts.all()),
    )


def _codes_of_parts(line: OrderLine) -> str:
    """The codes of a set's components, when every one that is sent has one: it is declared by them."""
    codes = [part.hs_code for part in line.parts.all() if part.requires_shipping]
    return ", ".join(dict.fromkeys(codes)) if all(codes) else ""


def _payment(row: Payment) -> PaymentRow:
    tone = words.MONEY_TONES.get(row.state, "plain")
    return PaymentRow(
        ref=str(row.ref),
        method=payment_label(payment_view(row)),
        provider=row.provider,
        state=State(label=capfirst(str(row.get_state_display())), tone=tone),
        amount=row.amount,
        authorized=row.authorized,
        captured=row.captured,
        refunded=row.refunded,
        url=reverse("admin:payments_payment_change", args=[row.pk]),
    )


def _held(payments: Sequence[Payment], currency: str) -> Money | None:
    """What is authorized and was not captured."""
    minor = sum(row.authorized_minor - row.captured_minor for row in payments if row.state == Payment.State.AUTHORIZED)
    return from_minor(minor, currency) if minor > 0 else None


def _refund(row: OrderRefund) -> RefundRow:
    return RefundRow(
        number=row.number,
        amount=row.amount,
        state=words.refund_state(row.state),
        reason=words.stored_sentence(row.reason),
        at=row.created,
        owed=_owed(row),
    )


def _owed(row: OrderRefund) -> Money | None:
    """What was refused of a refund that stands, and is not given another way yet."""
    if row.state not in OPEN or not any(share.state == RefundState.FAILED for share in row.shares.all()):
        return None
    standing = sum(to_minor(share.amount) for share in row.shares.all() if share.state != RefundState.FAILED)
    return from_minor(max(0, to_minor(row.amount) - standing), row.order.currency) if standing else None


def _customer(order: Order, language: str) -> CustomerPanel:
    ship, bill = order.addresses["ship"], order.addresses.get("bill")
    return CustomerPanel(
        name=str(ship.get("parts", {}).get("name", "")),
        email=order.email,
        phone=order.phone,
        language=language_name(order.language, language),
        language_code=order.language,
        address=tuple(ship["lines"]),
        address_language=order.language,
        billing=tuple(bill["lines"]) if bill and bill["lines"] != ship["lines"] else (),
        orders=Order.objects.filter(email_hash=order.email_hash).count(),
        is_member=order.user_id is not None,
        orders_url=f"{reverse('admin:workspace_list')}?{urlencode({'view': 'all', 'q': order.email})}",
    )


def _tax(row: OrderTaxLine, language: str) -> TaxFact:
    owners = {
        "shipping": pgettext("taxed thing", "Delivery"),
        "fee": pgettext("taxed thing", "Fee"),
        "duty": pgettext("taxed thing", "Duty"),
    }
    what = owners.get(row.owner, row.owner)
    if row.line is not None and row.owner == "line":
        what = words.sold_thing(row.line)[0]
    return TaxFact(
        what=f"{what}: {row.part.name}" if row.part is not None else what,
        label=tax_label(
            label=row.label,
            rate=row.rate,
            place=row.place,
            reason=row.reason,
            included=row.included,
            language=language,
        ),
        base=row.base,
        amount=row.amount,
        reason=words.tax_reason(row.reason),
    )


def _allowed(order: Order, person: Person, payments: Sequence[Payment]) -> Allowed:
    def may(name: str) -> bool:
        return bool(person.has_perm(f"orders.{name}_order"))  # type: ignore[union-attr]  # every account can be asked

    nothing_left = not any(line.qty_shipped for line in order.lines.all())
    money = to_minor(order.total) > 0 and refundable(order) > 0
    return Allowed(
        fulfill=may("fulfill") and order.lifecycle == Lifecycle.CONFIRMED,
        capture=may("capture") and _held(payments, order.currency) is not None,
        refund=may("refund") and money,
        cancel=may("cancel") and order.is_open and nothing_left,
        hold=may("hold") and order.is_open,
        note=may("note"),
    )
