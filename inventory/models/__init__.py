"""Where goods lie, what moved them, who holds them, and how they reach a shopper."""

from inventory.models.delivery import DeliveryLeadTime, DeliveryMethod, DeliveryRate
from inventory.models.flash import FlashBucket
from inventory.models.notices import BackInStock, StockAlert
from inventory.models.reservations import Allocation, Reservation
from inventory.models.stock import StockItem, StockMovement
from inventory.models.warehouses import Warehouse, WarehousePriority

__all__ = [
    "Allocation",
    "BackInStock",
    "DeliveryLeadTime",
    "DeliveryMethod",
    "DeliveryRate",
    "FlashBucket",
    "Reservation",
    "StockAlert",
    "StockItem",
    "StockMovement",
    "Warehouse",
    "WarehousePriority",
]
