"""The table of contents of the system's consequences: every event, and what follows from it.

`inside` runs in the announcer's transaction (database only, may not fail separately); `after` is delivered by the
outbox once the transaction is committed, at least once, so each of those handlers is idempotent.
"""

from __future__ import annotations

from collections.abc import Mapping

from catalog import events as catalog
from catalog import reactions as in_catalog
from checkout import events as checkout
from checkout import reactions as in_checkout
from core.events import Event, Reaction
from inventory import events as inventory
from inventory import reactions as in_inventory
from inventory.buying import reactions as in_buying
from markets import events as markets
from orders import events as orders
from orders import reactions as in_orders
from orders import step_reactions as in_steps
from orders.changes import reactions as in_changes
from orders.documents import reactions as in_documents
from orders.exchanging import reactions as in_exchanges
from orders.floor import reactions as in_floor
from orders.logistics import reactions as in_logistics
from orders.returning import reactions as in_returns
from payments import events as payments
from payments import reactions as in_payments

REACTIONS: Mapping[type[Event], Reaction] = {
    # checkout
    checkout.CheckoutDearer: Reaction(after=(in_checkout.note_dearer_checkout,)),
    # catalog
    catalog.PresaleMoved: Reaction(after=(in_orders.move_promises,)),
    catalog.PresaleOpened: Reaction(inside=(in_inventory.sell_presale_short,)),
    catalog.PresaleReleased: Reaction(inside=(in_inventory.cover_presale,), after=(in_orders.free_parcels,)),
    catalog.QuestionAnswered: Reaction(after=(in_catalog.tell_who_asked,)),
    catalog.OpeningStockTold: Reaction(inside=(in_inventory.book_opening_stock,)),
    catalog.SetChanged: Reaction(after=(in_inventory.tell_catalogue_of_set,)),
    catalog.StockTold: Reaction(inside=(in_inventory.book_told_stock,)),
    catalog.ShelvesChanged: Reaction(after=(in_catalog.relist_products,)),
    # inventory
    inventory.PurchaseSent: Reaction(after=(in_buying.tell_supplier,)),
    inventory.StockChanged: Reaction(
        after=(in_inventory.tell_catalogue, in_inventory.watch_levels, in_inventory.tell_waiting)
    ),
    inventory.ParcelLeftElsewhere: Reaction(after=(in_logistics.send_left,)),
    inventory.ParcelRefusedElsewhere: Reaction(after=(in_logistics.note_refused,)),
    inventory.ParcelTracked: Reaction(inside=(in_logistics.record_tracked,)),
    inventory.StockRanLow: Reaction(after=(in_buying.propose_for_low,)),
    inventory.StockRanOut: Reaction(after=(in_buying.propose_for_out,)),
    # markets
    markets.TaxIdDecided: Reaction(after=(in_orders.note_tax_id_decided,)),
    # orders
    orders.ChangeEnded: Reaction(after=(in_changes.free_stock_of_ended, in_changes.tell_ended)),
    orders.ChangeRequested: Reaction(after=(in_changes.tell_due,)),
    orders.CustomerWritten: Reaction(after=(in_orders.tell_written,)),
    orders.DocumentIssued: Reaction(after=(in_steps.tell_invoice,)),
    orders.DownloadsOpened: Reaction(after=(in_orders.tell_downloads,)),
    orders.ExchangeGivenUp: Reaction(after=(in_exchanges.tell_given_up,)),
    orders.ExchangeOrdered: Reaction(after=(in_exchanges.tell_ordered,)),
    orders.FulfillmentDelivered: Reaction(after=(in_steps.tell_delivered, in_logistics.stop_delivered)),
    orders.FulfillmentShipped: Reaction(
        after=(in_orders.tell_shipped, in_logistics.follow_shipped, in_floor.follow_on_the_floor)
    ),
    orders.HoldOpened: Reaction(after=(in_steps.tell_held, in_floor.follow_on_the_floor)),
    orders.HoldResolved: Reaction(after=(in_orders.hand_over_after_hold, in_logistics.hand_released)),
    orders.LinksWanted: Reaction(after=(in_steps.tell_links,)),
    orders.OrderCanceled: Reaction(
        inside=(
            in_orders.end_canceled_downloads,
            in_changes.end_waiting_change,
        ),
        after=(
            in_orders.tell_canceled,
            in_orders.tell_what_sold,
            in_logistics.call_back_canceled,
            in_floor.follow_on_the_floor,
        ),
    ),
    orders.OrderChanged: Reaction(
        after=(
            in_documents.invoice_changed,
            in_changes.tell_changed,
            in_orders.tell_what_sold,
            in_logistics.follow_change,
            in_floor.follow_on_the_floor,
        )
    ),
    orders.OrderConfirmed: Reaction(
        after=(in_orders.tell_confirmed, in_orders.notice_customs, in_logistics.hand_confirmed)
    ),
    orders.OrderExpired: Reaction(after=(in_steps.tell_expired,)),
    orders.OrderPaid: Reaction(
        after=(
            in_documents.invoice_paid,
            in_orders.open_paid_downloads,
            in_orders.issue_paid_cards,
            in_orders.tell_what_sold,
        )
    ),
    orders.OrderRefunded: Reaction(
        after=(
            in_documents.credit_refunded,
            in_exchanges.bring_back,
            in_orders.tell_refunded,
            in_orders.tell_what_sold,
        )
    ),
    orders.ParcelEtaMoved: Reaction(after=(in_logistics.tell_eta_moved,)),
    orders.ParcelInTrouble: Reaction(after=(in_logistics.tell_trouble,)),
    orders.ParcelMoved: Reaction(after=(in_steps.tell_parcel_moved,)),
    orders.RefundRequested: Reaction(
        inside=(in_orders.end_refunded_downloads,),
        after=(in_orders.send_requested_refund, in_floor.follow_on_the_floor),
    ),
    orders.ReleaseMoved: Reaction(after=(in_orders.tell_release_moved,)),
    orders.OrderReshipped: Reaction(after=(in_changes.tell_reshipped,)),
    orders.ReturnMoved: Reaction(after=(in_returns.tell_return,)),
    orders.TicketWritten: Reaction(after=(in_returns.tell_ticket,)),
    orders.WithdrawalReceived: Reaction(after=(in_orders.tell_withdrawal_received,)),
    # payments
    payments.DisputeOpened: Reaction(inside=(in_orders.date_dispute,)),
    payments.DisputeWon: Reaction(inside=(in_orders.book_dispute_won,)),
    payments.PartReceived: Reaction(after=(in_orders.tell_transfer_part,)),
    payments.PaymentAuthorized: Reaction(inside=(in_orders.book_authorized, in_payments.keep_agreed_card)),
    payments.PaymentCaptured: Reaction(inside=(in_orders.book_captured, in_payments.keep_agreed_card)),
    payments.PaymentDeclined: Reaction(inside=(in_orders.note_declined_payment,)),
    payments.PaymentDisputed: Reaction(inside=(in_orders.book_disputed,)),
    payments.PaymentFailed: Reaction(inside=(in_orders.note_failed_payment,), after=(in_steps.tell_payment_failed,)),
    payments.PaymentHeld: Reaction(inside=(in_orders.hold_for_payment_case,)),
    payments.PaymentPending: Reaction(after=(in_steps.tell_payment_awaited,)),
    payments.PaymentRefunded: Reaction(inside=(in_orders.book_refunded,)),
    payments.PaymentReported: Reaction(inside=(in_orders.lock_reported_order,)),
    payments.RefundFailed: Reaction(inside=(in_orders.book_refund_failed,)),
    payments.RiskHeld: Reaction(inside=(in_orders.hold_for_risk,)),
    payments.StoreCreditGiven: Reaction(after=(in_payments.tell_credit_given,)),
    payments.TransferAwaited: Reaction(after=(in_orders.tell_transfer,)),
    payments.TransferReminded: Reaction(after=(in_orders.tell_transfer_reminder,)),
}
