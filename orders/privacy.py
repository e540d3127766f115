"""What orders hold about people. Orders are kept for tax law, without whoever placed them.

Downloads of an erased order end: nobody holds a link to it any more. That they were begun, and the consent to it,
stay as proof, and name nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.privacy import Holding, Personal, Subject, erased_email, register, rows_of
from inventory.actions.following import forget_places
from orders.actions.placing import email_hash
from orders.floor.privacy import FLOOR
from orders.logistics.proofs import forget_proofs
from orders.models import (
    AftersalesState,
    DigitalConsent,
    Document,
    DownloadRecord,
    Entitlement,
    EntitlementState,
    Exchange,
    Fulfillment,
    Lifecycle,
    Order,
    OrderAccess,
    OrderAttachment,
    OrderChange,
    OrderEvent,
    OrderLine,
    OrderOrigin,
    ParcelException,
    PaymentState,
    RefundState,
    ReturnRequest,
    ReturnUnit,
    ShippingPaper,
    Ticket,
    TicketMessage,
    TrackingEvent,
    WearDeduction,
    WithdrawalStatement,
)
from orders.past.privacy import PAST, export_past, forget_past
from orders.returning.files import forget_files

OPEN = (Lifecycle.DRAFT, Lifecycle.PENDING_PAYMENT, Lifecycle.CONFIRMED)
SUMMARY = (
    "number", "placed_at", "market", "language", "email", "phone", "addresses", "lifecycle", "currency", "total",
)  # fmt: skip


def numbers(subject: Subject) -> Iterable[str]:
    """Orders of the account, and those placed with the addresses."""
    mine = Q(email_hash__in=[email_hash(email) for email in subject.emails])
    if subject.user_id is not None:
        mine |= Q(user_id=subject.user_id)
    return Order.objects.filter(mine).values_list("number", flat=True)


def export(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The orders, what was in them, what was told of them, and what was declared about them."""
    mine = {"order__number__in": sorted(subject.orders)}
    return {
        "orders.Order": rows_of(Order.objects.filter(number__in=sorted(subject.orders)), *SUMMARY),
        "orders.OrderLine": rows_of(
            OrderLine.objects.filter(**mine), "ref", "sku", "name", "options_text", "quantity", "line_total"
        ),
        "orders.OrderEvent": rows_of(
            OrderEvent.objects.filter(**mine, visibility="customer"), "order__number", "kind", "note", "created"
        ),
        "orders.OrderOrigin": rows_of(OrderOrigin.objects.filter(**mine), "order__number", "first", "last"),
        **export_past(subject),
        "orders.Entitlement": rows_of(
            Entitlement.objects.filter(**mine), "ref", "name", "quantity", "state", "expires_at", "first_download_at"
        ),
        "orders.DownloadRecord": rows_of(
            DownloadRecord.objects.filter(entitlement__order__number__in=sorted(subject.orders)),
            "entitlement__ref", "file__name", "at",
        ),
        "orders.DigitalConsent": rows_of(
            DigitalConsent.objects.filter(**mine), "order__number", "text", "place", "given_at"
        ),
        "orders.Document": rows_of(
            Document.objects.filter(**mine), "number", "kind", "title", "issued_on", "total", "facts"
        ),
        "orders.ShippingPaper": rows_of(
            ShippingPaper.objects.filter(**mine), "number", "kind", "issued_on", "facts"
        ),
        "orders.ParcelException": rows_of(
            ParcelException.objects.filter(**mine), "order__number", "kind", "said", "created", "resolution"
        ),
        "orders.ReturnRequest": rows_of(
            ReturnRequest.objects.filter(**mine), "number", "state", "reason", "note", "answer", "tracking"
        ),
        "orders.Ticket": rows_of(Ticket.objects.filter(**mine), "number", "category", "subject", "state", "created"),
        "orders.TicketMessage": rows_of(
            TicketMessage.objects.filter(ticket__order__number__in=sorted(subject.orders), is_internal=False),
            "ticket__number", "by_customer", "body", "created",
        ),
        "orders.OrderAttachment": rows_of(
            OrderAttachment.objects.filter(**mine).exclude(message__is_internal=True),
            "called", "content_type", "created",
        ),
        "orders.WithdrawalStatement": rows_of(
            WithdrawalStatement.objects.filter(_statements(subject)),
            "number", "named_order", "name", "email", "text", "received_at",
        ),
    }  # fmt: skip


def waits(subject: Subject) -> Sequence[str]:
    """An order, refund or return under way needs its buyer; a dispute needs the proof."""
    busy = Order.objects.filter(number__in=sorted(subject.orders)).filter(
        Q(lifecycle__in=OPEN)
        | Q(aftersales_state=AftersalesState.OPEN)
        | Q(payment_state=PaymentState.DISPUTED)
        | Q(refunds__state__in=[RefundState.REQUESTED, RefundState.SENT])
        | Q(withdrawals__isnull=False, withdrawals__handled_at__isnull=True)
    )
    return [
        _("Order %(number)s is not finished yet.") % {"number": number}
        for number in busy.order_by("number").values_list("number", flat=True).distinct()
    ]


def erase(subject: Subject) -> Mapping[str, int]:
    """Orders keep goods, amounts, taxes and the country; who, where and every link to them go."""
    orders = list(Order.objects.filter(number__in=sorted(subject.orders)).lock())
    for order in orders:
        order.email = erased_email(order.number)
        order.email_hash = email_hash(order.email)
        order.phone, order.source = "", ""
        order.addresses = {kind: _place(address) for kind, address in order.addresses.items()}
    Order.objects.bulk_update(orders, ["email", "email_hash", "phone", "addresses", "source"], batch_size=200)
    mine = {"order__in": orders}
    OrderAccess.objects.filter(**mine).delete()
    OrderOrigin.objects.filter(**mine).delete()
    OrderChange.objects.filter(**mine).update(addresses={})
    ReturnRequest.objects.filter(**mine).update(note="", tracking="")
    ReturnUnit.objects.filter(return_line__return_request__order__in=orders).update(note="")
    WearDeduction.objects.filter(unit__return_line__return_request__order__in=orders).update(reason="–")
    Exchange.objects.filter(return_request__order__in=orders).update(reason="")
    Ticket.objects.filter(**mine).update(subject="")
    TicketMessage.objects.filter(ticket__order__in=orders).update(body="")
    forget_files([order.pk for order in orders])
    Entitlement.objects.filter(**mine).update(state=EntitlementState.REVOKED, revoke_reason="")
    TrackingEvent.objects.filter(package__fulfillment__order__in=orders).update(raw={}, text="")
    ParcelException.objects.filter(**mine).update(said="")
    forget_proofs([order.pk for order in orders])
    parcels = Fulfillment.objects.filter(**mine).values_list("pk", flat=True)
    forget_places(parcel_refs=map(str, parcels))
    statements = WithdrawalStatement.objects.filter(_statements(subject) | Q(**mine))
    return {
        "orders.Order": len(orders),
        "orders.PastOrder": forget_past(subject),
        "orders.WithdrawalStatement": statements.update(name="", email=erased_email("withdrawal"), text=""),
    }


def _statements(subject: Subject) -> Q:
    found = Q(order__number__in=sorted(subject.orders))
    for email in sorted(subject.emails):
        found |= Q(email__iexact=email)
    return found


def _place(address: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What tax law asks of an address: country and, where the rate hangs on it, the region."""
    if not address:
        return None
    parts = {name: value for name, value in address.get("parts", {}).items() if name == "region"}
    return {"country": address["country"], "parts": parts, "lines": [address["country"]]}


register(
    Holding(
        app="orders",
        personal=(
            Personal(
                model="orders.Order",
                fields=("user", "email", "email_hash", "phone", "addresses"),
                purpose="The contract, its delivery and its taxes.",
                fate="pseudonymised",
                reason="Tax law asks for goods, amounts, taxes and the country for years.",
            ),
            Personal(
                model="orders.MoneyApproval",
                fields=("asked_by", "decided_by", "reason", "answer"),
                purpose="Which operators asked for and agreed to money going back, and why.",
                fate="kept",
                reason="Accountability for money.",
            ),
            Personal(
                model="orders.OrderGroup",
                fields=("customer",),
                purpose="Whose checkout it was.",
                fate="kept",
                reason="A number that leads to a pseudonymised account.",
            ),
            Personal(
                model="orders.WithdrawalStatement",
                fields=("name", "email", "text", "handled_by"),
                purpose="Proof of a withdrawal.",
                fate="pseudonymised",
                reason="That and when it was declared stays with the order.",
            ),
            Personal(
                model="orders.OrderEvent",
                fields=("actor", "note", "data"),
                purpose="The history of an order.",
                fate="kept",
                reason="Never altered; shoppers are in it by number only.",
            ),
            Personal(
                model="orders.OrderHold",
                fields=("opened_by", "owner", "resolved_by", "facts"),
                purpose="Which operator stopped an order, decides about it and released it.",
                fate="kept",
                reason="Accountability; numbers that lead to operators' accounts.",
            ),
            Personal(
                model="orders.OrderTagging",
                fields=("put_by",),
                purpose="Which operator put a tag on an order.",
                fate="kept",
                reason="Accountability; a number that leads to an operator's account.",
            ),
            Personal(
                model="orders.OrderOrigin",
                fields=("first", "last"),
                purpose="By which campaign or link the buyer came, for a visit that became an order.",
                fate="deleted",
            ),
            *PAST,
            *FLOOR,
            Personal(
                model="orders.OrderBulkRun",
                fields=("made_by",),
                purpose="Which operator worked on many orders at once.",
                fate="kept",
                reason="Accountability; a number that leads to an operator's account.",
            ),
            Personal(
                model="orders.SavedOrderView",
                fields=("owner",),
                purpose="Whose filters of the list of orders these are.",
                fate="kept",
                reason="Filters of an operator; they go with the account.",
            ),
            Personal(
                model="orders.ExportChoice",
                fields=("user",),
                purpose="Which columns an operator exported last.",
                fate="kept",
                reason="A choice of an operator; it goes with the account.",
            ),
            Personal(
                model="orders.Document",
                fields=("facts", "sheet"),
                purpose="Invoices and credit notes, with the buyer's name and address.",
                fate="kept",
                reason="Tax law asks for whole invoices, unaltered, for up to ten years.",
            ),
            Personal(
                model="orders.DocumentFile",
                fields=("pdf", "xml"),
                purpose="The same as files.",
                fate="kept",
                reason="Tax law asks for whole invoices, unaltered, for up to ten years.",
            ),
            Personal(
                model="orders.ShippingPaper",
                fields=("facts", "sheet", "pdf"),
                purpose="Papers that travelled with a parcel, with the name and address it went to.",
                fate="kept",
                reason="Customs and tax law ask exporters for their papers, unaltered, for up to ten years.",
            ),
            Personal(
                model="orders.TaxFiling",
                fields=("recorded_by",),
                purpose="Which operator recorded that a tax return was filed; the return itself holds sums alone.",
                fate="kept",
                reason="Tax law asks for returns, unaltered, for ten years; who recorded them is accountable.",
            ),
            Personal(
                model="orders.OrderChange",
                fields=("actor", "reason", "addresses"),
                purpose="Who changed an order, why, and its address before and after.",
                fate="blanked",
                reason="The addresses go; who changed what stays, for accountability.",
            ),
            Personal(
                model="orders.ReturnRequest",
                fields=("note", "tracking"),
                purpose="Why goods come back, and with which parcel.",
                fate="blanked",
            ),
            Personal(
                model="orders.ReturnUnit",
                fields=("note", "handled_by"),
                purpose="What was seen of returned goods, and by which operator.",
                fate="pseudonymised",
                reason="The words go; which operator looked stays for accountability.",
            ),
            Personal(
                model="orders.WearDeduction",
                fields=("reason", "decided_by"),
                purpose="Why an amount was kept for wear of returned goods, and which operator decided it.",
                fate="pseudonymised",
                reason="The words go; the amount and the operator stay for accountability.",
            ),
            Personal(
                model="orders.Exchange",
                fields=("reason",),
                purpose="Why an exchange was given up.",
                fate="blanked",
            ),
            Personal(
                model="orders.Ticket",
                fields=("subject", "assignee"),
                purpose="What a customer asks about an order, and which operator takes care of it.",
                fate="pseudonymised",
                reason="The words go; the operator stays for accountability.",
            ),
            Personal(
                model="orders.TicketMessage",
                fields=("body", "actor"),
                purpose="What was said about an order, and which operator said it.",
                fate="pseudonymised",
                reason="The words go; the operator stays for accountability.",
            ),
            Personal(
                model="orders.OrderAttachment",
                fields=("stored", "called"),
                purpose="Photos and documents sent about an order.",
                fate="deleted",
            ),
            Personal(
                model="orders.ParcelException",
                fields=("said", "owner", "resolved_by"),
                purpose="What is wrong with a parcel, and which operator takes care of it.",
                fate="pseudonymised",
                reason="The words go; the operator stays for accountability.",
            ),
            Personal(
                model="orders.ParcelProof",
                fields=("stored", "called"),
                purpose="Papers for customs and photos of damage.",
                fate="deleted",
            ),
            Personal(
                model="orders.TrackingEvent",
                fields=("raw", "text"),
                purpose="What a carrier told us, word for word.",
                fate="blanked",
            ),
        ),
        export=export,
        erase=erase,
        waits=waits,
        orders=numbers,
    )
)
