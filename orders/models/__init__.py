"""The order aggregate and everything that hangs on it."""

from orders.models.amounts import AdjustmentKind, OrderAdjustment, OrderReceipt, OrderTaxLine
from orders.models.bulk import BulkDeed, BulkOutcome, OrderBulkItem, OrderBulkRun
from orders.models.change import UNDECIDED, ChangeKind, ChangeState, OrderChange, OrderChangeAction
from orders.models.desk import ExportChoice, SavedOrderView
from orders.models.digital import DigitalConsent, DownloadRecord, Entitlement, EntitlementState
from orders.models.documents import Document, DocumentFile, DocumentKind, FileState
from orders.models.fulfillment import INSIDE, Fulfillment, FulfillmentLine, Package, ParcelState, TrackingEvent
from orders.models.group import OrderGroup
from orders.models.line import OrderLine
from orders.models.order import AftersalesState, FulfillmentState, Lifecycle, Order, PaymentState, PriceMode
from orders.models.part import OrderLinePart
from orders.models.presale import PresaleClaim
from orders.models.refund import OrderRefund, OrderRefundLine, RefundState
from orders.models.refund_share import OrderRefundShare
from orders.models.returns import (
    AftersalesPolicy,
    Condition,
    Fate,
    Resolution,
    ReturnLine,
    ReturnRequest,
    ReturnState,
    ReturnUnit,
    WayBack,
)
from orders.models.tags import OrderTag, OrderTagging, TagTone
from orders.models.tickets import CannedAnswer, OrderAttachment, Ticket, TicketCategory, TicketMessage, TicketState
from orders.models.trail import HoldKind, LinkKind, OrderAccess, OrderEvent, OrderHold, OrderLink, Visibility
from orders.models.withdrawal import Timeliness, WithdrawalStatement
from orders.models.wording import StationKey, StationWording

__all__ = [
    "INSIDE",
    "UNDECIDED",
    "AdjustmentKind",
    "AftersalesPolicy",
    "AftersalesState",
    "BulkDeed",
    "BulkOutcome",
    "CannedAnswer",
    "ChangeKind",
    "ChangeState",
    "Condition",
    "DigitalConsent",
    "Document",
    "DocumentFile",
    "DocumentKind",
    "DownloadRecord",
    "Entitlement",
    "EntitlementState",
    "ExportChoice",
    "Fate",
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
    "OrderAttachment",
    "OrderBulkItem",
    "OrderBulkRun",
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
    "OrderRefundShare",
    "OrderTag",
    "OrderTagging",
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
    "ReturnUnit",
    "SavedOrderView",
    "StationKey",
    "StationWording",
    "TagTone",
    "Ticket",
    "TicketCategory",
    "TicketMessage",
    "TicketState",
    "Timeliness",
    "TrackingEvent",
    "Visibility",
    "WayBack",
    "WithdrawalStatement",
]
