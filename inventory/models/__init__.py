"""Where goods lie, what moved them, who holds them, and how they reach a shopper."""

from inventory.models.batches import Batch, BatchedVariant, BatchMovement
from inventory.models.boxes import Box
from inventory.models.calendars import WarehouseHoliday
from inventory.models.carriers import CarrierAccount, CarrierMessage, RateRow, RateSheet
from inventory.models.channels import Channel, ChannelStock
from inventory.models.counts import StockTake, StockTakeLine
from inventory.models.decisions import AllocationDecision
from inventory.models.delivery import DeliveryLeadTime, DeliveryMethod, DeliveryRate
from inventory.models.flash import FlashBucket
from inventory.models.forecasts import BuyingPolicy, DemandDay, Forecast, ReplenishmentProposal
from inventory.models.labels import PUSHING, STANDING, LabelRecord, LabelState, ParcelPush, PushState
from inventory.models.lanes import Lane, LaneRate
from inventory.models.notices import AlertRoute, AlertTold, BackInStock, StockAlert
from inventory.models.purchases import PurchaseLine, PurchaseOrder, PurchaseReceipt, PurchaseReceiptLine
from inventory.models.reservations import Allocation, Reservation
from inventory.models.rules import AllocationRule, SourcingWeights
from inventory.models.stock import StockItem, StockMovement
from inventory.models.suppliers import FeedRun, Incoterm, Supplier, SupplierFeed, SupplierStock, SupplierVariant
from inventory.models.tracking import TrackedParcel, UnknownCode
from inventory.models.transfers import Transfer, TransferLine
from inventory.models.warehouses import Warehouse, WarehousePriority

__all__ = [
    "PUSHING",
    "STANDING",
    "AlertRoute",
    "AlertTold",
    "Allocation",
    "AllocationDecision",
    "AllocationRule",
    "BackInStock",
    "Batch",
    "BatchMovement",
    "BatchedVariant",
    "Box",
    "BuyingPolicy",
    "CarrierAccount",
    "CarrierMessage",
    "Channel",
    "ChannelStock",
    "DeliveryLeadTime",
    "DeliveryMethod",
    "DeliveryRate",
    "DemandDay",
    "FeedRun",
    "FlashBucket",
    "Forecast",
    "Incoterm",
    "LabelRecord",
    "LabelState",
    "Lane",
    "LaneRate",
    "ParcelPush",
    "PurchaseLine",
    "PurchaseOrder",
    "PurchaseReceipt",
    "PurchaseReceiptLine",
    "PushState",
    "RateRow",
    "RateSheet",
    "ReplenishmentProposal",
    "Reservation",
    "SourcingWeights",
    "StockAlert",
    "StockItem",
    "StockMovement",
    "StockTake",
    "StockTakeLine",
    "Supplier",
    "SupplierFeed",
    "SupplierStock",
    "SupplierVariant",
    "TrackedParcel",
    "Transfer",
    "TransferLine",
    "UnknownCode",
    "Warehouse",
    "WarehouseHoliday",
    "WarehousePriority",
]
