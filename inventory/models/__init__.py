"""Where goods lie, what moved them, who holds them, and how they reach a shopper."""

from inventory.models.delivery import DeliveryLeadTime, DeliveryMethod, DeliveryRate
from inventory.models.flash import FlashBucket
from inventory.models.forecasts import BuyingPolicy, DemandDay, Forecast, ReplenishmentProposal
from inventory.models.notices import BackInStock, StockAlert
from inventory.models.purchases import PurchaseLine, PurchaseOrder, PurchaseReceipt, PurchaseReceiptLine
from inventory.models.reservations import Allocation, Reservation
from inventory.models.stock import StockItem, StockMovement
from inventory.models.suppliers import (
    FeedRun,
    Incoterm,
    Supplier,
    SupplierFeed,
    SupplierStock,
    SupplierVariant,
)
from inventory.models.warehouses import Warehouse, WarehousePriority

__all__ = [
    "Allocation",
    "BackInStock",
    "BuyingPolicy",
    "DeliveryLeadTime",
    "DeliveryMethod",
    "DeliveryRate",
    "DemandDay",
    "FeedRun",
    "FlashBucket",
    "Forecast",
    "Incoterm",
    "PurchaseLine",
    "PurchaseOrder",
    "PurchaseReceipt",
    "PurchaseReceiptLine",
    "ReplenishmentProposal",
    "Reservation",
    "StockAlert",
    "StockItem",
    "StockMovement",
    "Supplier",
    "SupplierFeed",
    "SupplierStock",
    "SupplierVariant",
    "Warehouse",
    "WarehousePriority",
]
