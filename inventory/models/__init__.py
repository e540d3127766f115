"""Where goods lie, what moved them, who holds them, and how they reach a shopper."""

from inventory.models.carriers import CarrierAccount, CarrierMessage, RateRow, RateSheet
from inventory.models.delivery import DeliveryLeadTime, DeliveryMethod, DeliveryRate
from inventory.models.flash import FlashBucket
from inventory.models.labels import PUSHING, STANDING, LabelRecord, LabelState, ParcelPush, PushState
from inventory.models.notices import BackInStock, StockAlert
from inventory.models.reservations import Allocation, Reservation
from inventory.models.stock import StockItem, StockMovement
from inventory.models.tracking import TrackedParcel, UnknownCode
from inventory.models.warehouses import Warehouse, WarehousePriority

__all__ = [
    "PUSHING",
    "STANDING",
    "Allocation",
    "BackInStock",
    "CarrierAccount",
    "CarrierMessage",
    "DeliveryLeadTime",
    "DeliveryMethod",
    "DeliveryRate",
    "FlashBucket",
    "LabelRecord",
    "LabelState",
    "ParcelPush",
    "PushState",
    "RateRow",
    "RateSheet",
    "Reservation",
    "StockAlert",
    "StockItem",
    "StockMovement",
    "TrackedParcel",
    "UnknownCode",
    "Warehouse",
    "WarehousePriority",
]
