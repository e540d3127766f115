"""Where goods lie, what moved them, who holds them, and how they reach a shopper."""

from inventory.models.boxes import Box
from inventory.models.decisions import AllocationDecision
from inventory.models.delivery import DeliveryLeadTime, DeliveryMethod, DeliveryRate
from inventory.models.flash import FlashBucket
from inventory.models.lanes import Lane, LaneRate
from inventory.models.notices import BackInStock, StockAlert
from inventory.models.reservations import Allocation, Reservation
from inventory.models.rules import AllocationRule, SourcingWeights
from inventory.models.stock import StockItem, StockMovement
from inventory.models.warehouses import Warehouse, WarehousePriority

__all__ = [
    "Allocation",
    "AllocationDecision",
    "AllocationRule",
    "BackInStock",
    "Box",
    "DeliveryLeadTime",
    "DeliveryMethod",
    "DeliveryRate",
    "FlashBucket",
    "Lane",
    "LaneRate",
    "Reservation",
    "SourcingWeights",
    "StockAlert",
    "StockItem",
    "StockMovement",
    "Warehouse",
    "WarehousePriority",
]
