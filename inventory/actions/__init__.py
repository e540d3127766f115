"""Every change of stock. Each function is one transaction and leaves counters and ledger in agreement."""

from inventory.actions.alerts import ask_when_back, review_alerts
from inventory.actions.flash import flash_units_left, give_back_flash_units, open_flash_buckets, take_flash_units
from inventory.actions.holds import Held, convert_hold, expire_holds, hold_sourced, hold_stock, release_hold
from inventory.actions.orders import release_order, return_stock, ship_lines, write_off_returned
from inventory.actions.sourcing import note_decision, note_override
from inventory.actions.stock import book_delivery, correct_stock, receive_shipment, receive_stock
from inventory.actions.warehouses import note_warehouse

__all__ = [
    "Held",
    "ask_when_back",
    "book_delivery",
    "convert_hold",
    "correct_stock",
    "expire_holds",
    "flash_units_left",
    "give_back_flash_units",
    "hold_sourced",
    "hold_stock",
    "note_decision",
    "note_override",
    "note_warehouse",
    "open_flash_buckets",
    "receive_shipment",
    "receive_stock",
    "release_hold",
    "release_order",
    "return_stock",
    "review_alerts",
    "ship_lines",
    "take_flash_units",
    "write_off_returned",
]
