"""Roles as data: which operations and which tables belong to whose work. `sync_roles` makes them groups."""

from collections.abc import Mapping
from dataclasses import dataclass

LOOK_AT_ORDERS = (
    "orders.view_document",
    "orders.view_documentfile",
    "orders.view_moneyapproval",
    "orders.view_order",
    "orders.view_orderchange",
    "orders.view_orderhold",
    "orders.view_orderrefund",
    "orders.view_returnrequest",
    "orders.view_shippingpaper",
    "orders.view_ticket",
    "orders.view_withdrawalstatement",
)
LOOK_AT_STOCK = (
    "inventory.view_allocation",
    "inventory.view_stockalert",
    "inventory.view_stockitem",
    "inventory.view_stockmovement",
    "inventory.view_warehouse",
)
LOOK_AT_MONEY = (
    "orders.view_statements",
    "orders.view_taxfiling",
    "payments.view_bankaccount",
    "payments.view_bankbalance",
    "payments.view_bankline",
    "payments.view_bankpayout",
    "payments.view_bankstatement",
    "payments.view_banktransfer",
    "payments.view_marketbankaccount",
    "payments.view_dispute",
    "payments.view_payment",
    "payments.view_paymentexception",
    "payments.view_paymentevent",
    "payments.view_refund",
    "payments.view_ledgeraccount",
    "payments.view_ledgertxn",
    "payments.view_proofrun",
    "payments.view_reconciliationitem",
    "payments.view_riskdecision",
    "payments.view_statemententry",
    "payments.view_statementmatch",
    "payments.view_statementread",
)
LOOK_AT_CREDIT = (
    "payments.view_creditaccount",
    "payments.view_creditgrant",
    "payments.view_giftcard",
    "payments.view_storecredit",
)
LOOK_AT_PRODUCTS = (
    "catalog.view_brand",
    "catalog.view_category",
    "catalog.view_mediaasset",
    "catalog.view_price",
    "catalog.view_pricelist",
    "catalog.view_product",
    "catalog.view_review",
    "catalog.view_variant",
)
CUSTOMS_TABLES = tuple(
    f"markets.{verb}_{table}"
    for verb in ("view", "add", "change")
    for table in (
        "clearancefee",
        "customsvaluation",
        "dutyrule",
        "hscode",
        "origingroup",
        "postaltaxrate",
        "restrictionrule",
        "taxrate",
    )
)
LOOK_AT_MACHINERY = (
    "core.view_auditentry",
    "core.view_integrityrun",
    "core.view_job",
    "core.view_message",
    "core.view_outboxmessage",
)


@dataclass(frozen=True)
class Role:
    """A group by its name. `permissions` are exact; `apps` stands for everything in those apps."""

    name: str
    permissions: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()


ROLES: Mapping[str, Role] = {
    "owner": Role(
        "Owner",
        apps=(
            "auth",
            "cart",
            "catalog",
            "checkout",
            "content",
            "core",
            "inventory",
            "markets",
            "members",
            "orders",
            "payments",
        ),
    ),
    "order_desk": Role(
        "Order desk",
        permissions=(
            *LOOK_AT_ORDERS,
            *LOOK_AT_PRODUCTS,
            *LOOK_AT_STOCK,
            "core.change_messagewords",
            "core.preview_message",
            "core.retry_message",
            "core.view_message",
            "members.view_user",
            "orders.answer_ticket",
            "orders.cancel_order",
            "orders.decide_return",
            "orders.edit_order",
            "orders.export_orders",
            "orders.handle_withdrawal",
            "orders.hold_order",
            "orders.note_order",
            "orders.receive_return",
            "orders.refund_order",
            "orders.reship_order",
            "orders.share_savedorderview",
            "orders.split_order",
            "orders.tag_order",
            "orders.manage_downloads",
            "orders.view_entitlement",
            *LOOK_AT_CREDIT,
            "payments.add_creditgrant",
            "payments.handle_dispute",
            "payments.view_dispute",
            "payments.view_payment",
            "payments.view_refund",
        ),
    ),
    "warehouse": Role(
        "Warehouse",
        permissions=(
            *LOOK_AT_STOCK,
            "inventory.change_stockitem",
            "inventory.correct_stock",
            "inventory.receive_stock",
            "orders.fulfill_order",
            "orders.hand_over_parcels",
            "orders.issue_shippingpaper",
            "orders.note_order",
            "orders.pack_parcel",
            "orders.pick_wave",
            "orders.plan_wave",
            "orders.receive_return",
            "orders.resolve_shortpick",
            "orders.tag_order",
            "orders.view_handover",
            "orders.view_order",
            "orders.view_parcelpacking",
            "orders.view_pickwave",
            "orders.view_returnrequest",
            "orders.view_shippingpaper",
            "orders.view_shortpick",
        ),
    ),
    "catalogue": Role(
        "Catalogue",
        permissions=(*LOOK_AT_STOCK, "core.view_job", "markets.view_hscode", "markets.view_market"),
        apps=("catalog", "content"),
    ),
    "translation": Role(
        "Translation desk",
        permissions=(
            *LOOK_AT_PRODUCTS,
            "catalog.translate_texts",
            "catalog.view_glossaryterm",
            "catalog.view_translationstate",
        ),
    ),
    "customs": Role(
        "Customs and tax",
        permissions=(
            *LOOK_AT_PRODUCTS,
            *CUSTOMS_TABLES,
            "catalog.change_variant",
            "core.view_job",
            "markets.approve_goods_codes",
            "markets.approve_taxexemption",
            "markets.change_taxexemption",
            "markets.add_taxexemption",
            "markets.check_buyertaxid",
            "markets.view_buyertaxid",
            "markets.view_market",
            "markets.view_taxexemption",
        ),
    ),
    "finance": Role(
        "Finance",
        permissions=(
            *LOOK_AT_MONEY,
            *LOOK_AT_ORDERS,
            "catalog.approve_prices",
            "catalog.view_price",
            "catalog.view_priceplan",
            "catalog.view_pricelist",
            "core.view_auditentry",
            "markets.add_exchangerate",
            "markets.decide_doubtfulrate",
            "markets.view_doubtfulrate",
            "markets.view_exchangerate",
            "markets.view_market",
            "orders.capture_order",
            "orders.approve_refund",
            "orders.export_orders",
            "orders.note_order",
            "orders.record_taxfiling",
            "orders.refund_order",
            *LOOK_AT_CREDIT,
            "payments.add_creditgrant",
            "payments.approve_creditgrant",
            "payments.block_creditaccount",
            "payments.cancel_payment",
            "payments.capture_payment",
            "payments.change_risk_rules",
            "payments.handle_dispute",
            "payments.import_bankstatement",
            "payments.reconcile_payments",
            "payments.send_bankpayout",
            "payments.resolve_paymentexception",
        ),
    ),
    "read_only": Role(
        "Read only",
        permissions=(
            *LOOK_AT_MACHINERY,
            *LOOK_AT_MONEY,
            *LOOK_AT_ORDERS,
            *LOOK_AT_PRODUCTS,
            *LOOK_AT_STOCK,
            "content.view_page",
            "markets.view_market",
            "members.view_user",
        ),
    ),
}
