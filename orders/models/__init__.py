"""The order aggregate and everything that hangs on it."""

from orders.models.amounts import AdjustmentKind, OrderAdjustment, OrderReceipt, OrderTaxLine
from orders.models.approval import ApprovalKind, ApprovalState, MoneyApproval, RefundLimit
from orders.models.bulk import BulkDeed, BulkOutcome, OrderBulkItem, OrderBulkRun
from orders.models.change import UNDECIDED, ChangeKind, ChangeState, OrderChange, OrderChangeAction
from orders.models.desk import ExportChoice, SavedOrderView
from orders.models.digital import DigitalConsent, DownloadRecord, Entitlement, EntitlementState
from orders.models.documents import Document, DocumentFile, DocumentKind, FileState
from orders.models.exceptions import ClaimState, ExceptionKind, ParcelException, ParcelProof
from orders.models.exchange import Exchange, ExchangeSends, ExchangeState
from orders.models.filings import FilingScheme, TaxFiling
from orders.models.floor import WAVES_RUNNING, PickTask, PickWave, ShortPick, ShortState, WaveParcel, WaveState
from orders.models.fulfillment import INSIDE, Fulfillment, FulfillmentLine, Package, ParcelState, TrackingEvent
from orders.models.group import OrderGroup
from orders.models.line import OrderLine
from orders.models.order import AftersalesState, FulfillmentState, Lifecycle, Order, PaymentState, PriceMode
from orders.models.origin import OrderOrigin
from orders.models.packing import Handover, HandoverParcel, HandoverState, PackCount, ParcelPacking
from orders.models.papers import OF_ORDERS, OVER_BORDERS, PaperKind, ShippingPaper
from orders.models.part import OrderLinePart
from orders.models.past import PastLine, PastOrder, PastState
from orders.models.presale import PresaleClaim
from orders.models.refund import OrderRefund, OrderRefundLine, RefundState
from orders.models.refund_share import OrderRefundShare
from orders.models.returns import (
    AftersalesPolicy,
    Condition,
    ExchangeFirst,
    ExchangePrice,
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
from orders.models.wear import WearDeduction
from orders.models.withdrawal import Timeliness, WithdrawalStatement
from orders.models.wording import StationKey, StationWording

__all__ = [
    "INSIDE",
    "OF_ORDERS",
    "OVER_BORDERS",
    "UNDECIDED",
    "WAVES_RUNNING",
    "AdjustmentKind",
    "AftersalesPolicy",
    "AftersalesState",
    "ApprovalKind",
    "ApprovalState",
    "BulkDeed",
    "BulkOutcome",
    "CannedAnswer",
    "ChangeKind",
    "ChangeState",
    "ClaimState",
    "Condition",
    "DigitalConsent",
    "Document",
    "DocumentFile",
    "DocumentKind",
    "DownloadRecord",
    "Entitlement",
    "EntitlementState",
    "ExceptionKind",
    "Exchange",
    "ExchangeFirst",
    "ExchangePrice",
    "ExchangeSends",
    "ExchangeState",
    "ExportChoice",
    "Fate",
    "FileState",
    "FilingScheme",
    "Fulfillment",
    "FulfillmentLine",
    "FulfillmentState",
    "Handover",
    "HandoverParcel",
    "HandoverState",
    "HoldKind",
    "Lifecycle",
    "LinkKind",
    "MoneyApproval",
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
    "OrderOrigin",
    "OrderReceipt",
    "OrderRefund",
    "OrderRefundLine",
    "OrderRefundShare",
    "OrderTag",
    "OrderTagging",
    "OrderTaxLine",
    "PackCount",
    "Package",
    "PaperKind",
    "ParcelException",
    "ParcelPacking",
    "ParcelProof",
    "ParcelState",
    "PastLine",
    "PastOrder",
    "PastState",
    "PaymentState",
    "PickTask",
    "PickWave",
    "PresaleClaim",
    "PriceMode",
    "RefundLimit",
    "RefundState",
    "Resolution",
    "ReturnLine",
    "ReturnRequest",
    "ReturnState",
    "ReturnUnit",
    "SavedOrderView",
    "ShippingPaper",
    "ShortPick",
    "ShortState",
    "StationKey",
    "StationWording",
    "TagTone",
    "TaxFiling",
    "Ticket",
    "TicketCategory",
    "TicketMessage",
    "TicketState",
    "Timeliness",
    "TrackingEvent",
    "Visibility",
    "WaveParcel",
    "WaveState",
    "WayBack",
    "WearDeduction",
    "WithdrawalStatement",
]
