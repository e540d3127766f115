"""Every change of an order. Each is one transaction under the order's lock."""

from orders.actions.access import grant_access, revoke_access
from orders.actions.capturing import capture_order
from orders.actions.claiming import claim_order
from orders.actions.closing import (
    cancel_order,
    close_payments,
    close_payments_of_dead_orders,
    expire_order,
    expire_unpaid_orders,
    keep_for_payment,
)
from orders.actions.holds import add_note, open_hold, plan_hold, resolve_hold, write_to_customer
from orders.actions.placing import Addresses, Books, MatchedRules, Terms, place_order
from orders.actions.receipts import book_authorization, book_dispute, book_receipt
from orders.actions.refunds import (
    book_refund,
    credit_what_failed,
    fail_refund,
    note_failed_refund,
    refund_order,
    send_refund,
)
from orders.actions.shipping import create_fulfillment, deliver_fulfillment, ship_fulfillment, start_packing
from orders.actions.taking_back import RefundAsked, refund_as_shown, take_back_units
from orders.actions.tracking import Tracked, record_tracking
from orders.actions.withdrawals import Declared, declare_withdrawal, handle_withdrawals, withdrawal_period

__all__ = [
    "Addresses",
    "Books",
    "Declared",
    "MatchedRules",
    "RefundAsked",
    "Terms",
    "Tracked",
    "add_note",
    "book_authorization",
    "book_dispute",
    "book_receipt",
    "book_refund",
    "cancel_order",
    "capture_order",
    "claim_order",
    "close_payments",
    "close_payments_of_dead_orders",
    "create_fulfillment",
    "credit_what_failed",
    "declare_withdrawal",
    "deliver_fulfillment",
    "expire_order",
    "expire_unpaid_orders",
    "fail_refund",
    "grant_access",
    "handle_withdrawals",
    "keep_for_payment",
    "note_failed_refund",
    "open_hold",
    "place_order",
    "plan_hold",
    "record_tracking",
    "refund_as_shown",
    "refund_order",
    "resolve_hold",
    "revoke_access",
    "send_refund",
    "ship_fulfillment",
    "start_packing",
    "take_back_units",
    "withdrawal_period",
    "write_to_customer",
]
