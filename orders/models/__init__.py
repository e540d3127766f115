"""The order aggregate and everything that hangs on it."""

from orders.models.amounts import AdjustmentKind, OrderAdjustment, OrderReceipt, OrderTaxLine
from orders.models.change import ChangeKind, ChangeState, OrderChange, OrderChangeAction
from orders.models.digital import DigitalConsent, DownloadRecord, Entitlement, EntitlementState
from orders.models.documents import Document, DocumentFile, DocumentKind, FileState
from orders.models.fulfillment import INSIDE, Fulfillment, FulfillmentLine, Package, ParcelState, TrackingEvent
from orders.models.group import OrderGroup
from orders.models.line import OrderLine
from orders.models.order import AftersalesState, FulfillmentState, Lifecycle, Order, PaymentState, PriceMode
from orders.models.part import OrderLinePart
from orders.models.presale import PresaleClaim
from orders.models.refund import OrderRefund, OrderRefundLine, RefundState
from orders.models.returns import Resolution, ReturnLine, ReturnRequest, ReturnState
from orders.models.trail import HoldKind, LinkKind, OrderAccess, OrderEvent, OrderHold, OrderLink, Visibility
from orders.models.withdrawal import Timeliness, WithdrawalStatement

__all__ = [
    "INSIDE",
    "AdjustmentKind",
    "AftersalesState",
    "ChangeKind",
    "ChangeState",
    "DigitalConsent",
    "Document",
    "DocumentFile",
    "DocumentKind",
    "DownloadRecord",
    "Entitlement",
    "EntitlementState",
    "FileState",
    "Fulfillment",
    "FulfillmentLine",
    "FulfillmentState",
    "HoldKind",
    "Lifecycle",
    "LinkKind",
    "Order",
    "OrderAccess",
    "OrderAdjustment",
    "OrderChange",
    "OrderChangeAction",
    "OrderEvent",
    "OrderGroup",
    "OrderHold",
    "OrderLine",
    "OrderLinePart",
    "OrderLink",
    "OrderReceipt",
    "OrderRefund",
    "OrderRefundLine",
    "OrderTaxLine",
    "Package",
    "ParcelState",
    "PaymentState",
    "PresaleClaim",
    "PriceMode",
    "RefundState",
    "Resolution",
    "ReturnLine",
    "ReturnRequest",
    "ReturnState",
    "Timeliness",
    "TrackingEvent",
    "Visibility",
    "WithdrawalStatement",
]
