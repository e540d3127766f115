"""PayPal's objects as its API shows them: the fields we read or send, in PayPal's shapes."""

import itertools
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

Plain = dict[str, Any]
_ids = itertools.count(1)
MERCHANT = "SHPPMERCHANT2"
FEE = Decimal("0.03")


def new_id(letter: str) -> str:
    """Seventeen signs, as PayPal names orders, captures and refunds."""
    return f"{letter}{next(_ids):016d}"


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def link(base: str, path: str, rel: str, method: str = "GET") -> Plain:
    return {"href": f"{base}{path}", "rel": rel, "method": method}


def order(params: Plain, base: str) -> Plain:
    name = new_id("O")
    unit = params["purchase_units"][0]
    return {
        "id": name,
        "intent": params["intent"],
        "status": "PAYER_ACTION_REQUIRED",
        "payment_source": {"paypal": {}},
        "purchase_units": [{"reference_id": "default", "payee": {"merchant_id": MERCHANT}, **unit}],
        "create_time": now(),
        "links": [
            link(base, f"/v2/checkout/orders/{name}", "self"),
            link(base, f"/checkoutnow?token={name}", "payer-action"),
        ],
    }


def payer() -> Plain:
    return {
        "email_address": "payer@example.com",
        "payer_id": "PAYERPAYER234",
        "name": {"given_name": "Test", "surname": "Payer"},
        "address": {"country_code": "DE"},
    }


def authorization(order: Plain, base: str) -> Plain:
    name, unit = new_id("A"), order["purchase_units"][0]
    return {
        "id": name,
        "status": "CREATED",
        "amount": dict(unit["amount"]),
        "custom_id": unit.get("custom_id", ""),
        "seller_protection": {"status": "ELIGIBLE", "dispute_categories": ["ITEM_NOT_RECEIVED"]},
        "create_time": now(),
        "update_time": now(),
        "links": [link(base, f"/v2/payments/authorizations/{name}", "self")],
    }


def capture(order: Plain, amount: Plain, status: str, base: str, *, final: bool = True) -> Plain:
    name, unit = new_id("C"), order["purchase_units"][0]
    thing: Plain = {
        "id": name,
        "status": status,
        "amount": dict(amount),
        "final_capture": final,
        "custom_id": unit.get("custom_id", ""),
        "seller_protection": {"status": "ELIGIBLE", "dispute_categories": ["ITEM_NOT_RECEIVED"]},
        "create_time": now(),
        "update_time": now(),
        "links": [
            link(base, f"/v2/payments/captures/{name}", "self"),
            link(base, f"/v2/payments/captures/{name}/refund", "refund", "POST"),
        ],
    }
    if status == "PENDING":
        thing["status_details"] = {"reason": "PENDING_REVIEW"}
    if status == "COMPLETED":
        settle(thing)
    return thing


def settle(capture: Plain) -> None:
    """The money is there: what PayPal keeps of it is known."""
    gross, code = Decimal(capture["amount"]["value"]), capture["amount"]["currency_code"]
    fee = (gross * FEE).quantize(Decimal(1) if "." not in capture["amount"]["value"] else Decimal("0.01"))
    capture["status"] = "COMPLETED"
    capture.pop("status_details", None)
    capture["seller_receivable_breakdown"] = {
        "gross_amount": {"currency_code": code, "value": str(gross)},
        "paypal_fee": {"currency_code": code, "value": str(fee)},
        "net_amount": {"currency_code": code, "value": str(gross - fee)},
    }


def refund(capture: Plain, params: Plain, status: str, base: str) -> Plain:
    name = new_id("R")
    thing = {
        "id": name,
        "status": status,
        "amount": dict(params.get("amount") or capture["amount"]),
        "custom_id": params.get("custom_id") or capture.get("custom_id", ""),
        "create_time": now(),
        "update_time": now(),
        "links": [
            link(base, f"/v2/payments/refunds/{name}", "self"),
            link(base, f"/v2/payments/captures/{capture['id']}", "up"),
        ],
    }
    if status == "PENDING":
        thing["status_details"] = {"reason": "ECHECK"}
    return thing


def dispute(capture: Plain, amount: Plain) -> Plain:
    name = f"PP-D-{next(_ids)}"
    return {
        "dispute_id": name,
        "create_time": now(),
        "update_time": now(),
        "disputed_transactions": [
            {
                "seller_transaction_id": capture["id"],
                "create_time": capture["create_time"],
                "transaction_status": "COMPLETED",
                "gross_amount": dict(capture["amount"]),
                "custom": capture.get("custom_id", ""),
                "buyer": {"name": "Test Payer"},
            }
        ],
        "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
        "status": "OPEN",
        "dispute_amount": dict(amount),
        "dispute_life_cycle_stage": "CHARGEBACK",
        "dispute_channel": "INTERNAL",
    }


def listed(dispute: Plain) -> Plain:
    """A dispute as the list shows it: without how it ended."""
    shown = ("dispute_id", "create_time", "update_time", "reason", "status", "dispute_amount")
    return {name: dispute[name] for name in shown}


def event(kind: str, resource_type: str, resource: Plain, base: str) -> Plain:
    name = f"WH-{next(_ids):017d}-{next(_ids):017d}"
    return {
        "id": name,
        "event_version": "1.0",
        "create_time": now(),
        "resource_type": resource_type,
        "resource_version": "2.0",
        "event_type": kind,
        "summary": "Größe & Ähnliches",  # not plain ASCII: the bytes must reach the verification as they came
        "resource": resource,
        "links": [link(base, f"/v1/notifications/webhooks-events/{name}", "self")],
    }


def row(capture_or_refund: Plain, code: str, *, sign: int, status: str = "S") -> Plain:
    """A line of the transaction report."""
    amount = capture_or_refund["amount"]
    said: Plain = {
        "transaction_id": capture_or_refund["id"],
        "transaction_event_code": code,
        "transaction_initiation_date": capture_or_refund["create_time"],
        "transaction_updated_date": capture_or_refund["update_time"],
        "transaction_amount": {**amount, "value": str(sign * Decimal(amount["value"]))},
        "transaction_status": status,
        "custom_field": capture_or_refund.get("custom_id", ""),
    }
    kept = (capture_or_refund.get("seller_receivable_breakdown") or {}).get("paypal_fee")
    if kept:
        said["fee_amount"] = {**kept, "value": str(-Decimal(kept["value"]))}
    return {"transaction_info": said}


def error(status: int, issue: str) -> Plain:
    names = {
        400: "INVALID_REQUEST",
        401: "AUTHENTICATION_FAILURE",
        403: "NOT_AUTHORIZED",
        404: "RESOURCE_NOT_FOUND",
        409: "RESOURCE_CONFLICT",
        422: "UNPROCESSABLE_ENTITY",
    }
    said: Plain = {"name": names.get(status, "INTERNAL_SERVER_ERROR"), "debug_id": "f1d0c2b3a4"}
    return {**said, "details": [{"issue": issue}]} if issue else said
