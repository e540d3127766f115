"""Every change to payments. Where something may already have happened outside, asking again is safe."""

from payments.actions.arriving import receive_transfer
from payments.actions.card_errands import run_card_errand, run_card_errands
from payments.actions.cards import remove_card
from payments.actions.closing import cancel_order_payments, cancel_payment, capture_payment
from payments.actions.credit import expire_credit, give_store_credit, issue_card
from payments.actions.credit_taking import CreditWish, take_credit
from payments.actions.deciding import accept_case, accept_surplus_as_credit, dismiss_case
from payments.actions.exchange_credit import empty_exchange, fund_exchange, settle_advance
from payments.actions.ledger import post_to_ledger
from payments.actions.opening import Asked, open_payment, start_payment
from payments.actions.reconciling import reconcile_undecided, refresh_payment
from payments.actions.refunding import refund_payment, submit_due_refunds, submit_refund
from payments.actions.settling import settle_facts, settle_payment
from payments.actions.transfers import confirm_payout, refuse_payout, remind_transfers
from payments.actions.webhooks import process_inbox, process_webhook, record_webhook

__all__ = [
    "Asked",
    "CreditWish",
    "accept_case",
    "accept_surplus_as_credit",
    "cancel_order_payments",
    "cancel_payment",
    "capture_payment",
    "confirm_payout",
    "dismiss_case",
    "empty_exchange",
    "expire_credit",
    "fund_exchange",
    "give_store_credit",
    "issue_card",
    "open_payment",
    "post_to_ledger",
    "process_inbox",
    "process_webhook",
    "receive_transfer",
    "reconcile_undecided",
    "record_webhook",
    "refresh_payment",
    "refund_payment",
    "refuse_payout",
    "remind_transfers",
    "remove_card",
    "run_card_errand",
    "run_card_errands",
    "settle_advance",
    "settle_facts",
    "settle_payment",
    "start_payment",
    "submit_due_refunds",
    "submit_refund",
    "take_credit",
]
