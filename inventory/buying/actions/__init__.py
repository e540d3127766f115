"""Every change of buying. Each function is one transaction."""

from inventory.buying.actions.demand import derive_demand
from inventory.buying.actions.feeds import fetch_due_feeds, renew_secret, settle_feed_run, take_over
from inventory.buying.actions.forecasts import adopt_reorder_points, forecast_warehouse
from inventory.buying.actions.ordering import dismiss_proposals, order_proposals
from inventory.buying.actions.proposing import propose
from inventory.buying.actions.purchases import (
    cancel_purchase,
    confirm_purchase,
    draft_purchase,
    give_up_rest,
    send_purchase,
    write_purchase,
)
from inventory.buying.actions.receiving import Arrived, receive_purchase, settle_difference
from inventory.buying.actions.suppliers import note_supplier

__all__ = [
    "Arrived",
    "adopt_reorder_points",
    "cancel_purchase",
    "confirm_purchase",
    "derive_demand",
    "dismiss_proposals",
    "draft_purchase",
    "fetch_due_feeds",
    "forecast_warehouse",
    "give_up_rest",
    "note_supplier",
    "order_proposals",
    "propose",
    "receive_purchase",
    "renew_secret",
    "send_purchase",
    "settle_difference",
    "settle_feed_run",
    "take_over",
    "write_purchase",
]
