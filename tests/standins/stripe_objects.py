"""Stripe's objects as its API shows them: exactly the fields we read or send, in Stripe's shapes."""

import itertools
import secrets
import time
from typing import Any

Plain = dict[str, Any]
_ids = itertools.count(1)


def new_id(prefix: str) -> str:
    return f"{prefix}{next(_ids):08d}{secrets.token_hex(6)}"


def session(params: Plain, intent: str | None, base: str) -> Plain:
    item = params["line_items"][0]
    total = int(item["price_data"]["unit_amount"]) * int(item["quantity"])
    name = new_id("cs_test_")
    return {
        "id": name,
        "object": "checkout.session",
        "amount_subtotal": total,
        "amount_total": total,
        "cancel_url": params["cancel_url"],
        "client_reference_id": params.get("client_reference_id"),
        "created": int(time.time()),
        "currency": item["price_data"]["currency"],
        "customer": params.get("customer"),
        "customer_email": params.get("customer_email"),
        "expires_at": int(time.time()) + 24 * 3600,
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": params.get("metadata", {}),
        "mode": params["mode"],
        "payment_intent": intent,
        "payment_method_types": params.get("payment_method_types", ["card"]),
        "payment_status": "unpaid",
        "status": "open",
        "success_url": params["success_url"],
        "url": f"{base}/c/pay/{name}",
    }


def intent(params: Plain) -> Plain:
    name = new_id("pi_")
    return {
        "id": name,
        "object": "payment_intent",
        "amount": int(params["amount"]),
        "amount_capturable": 0,
        "amount_received": 0,
        "automatic_payment_methods": params.get("automatic_payment_methods"),
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": params.get("capture_method", "automatic"),
        "client_secret": f"{name}_secret_{secrets.token_hex(8)}",
        "created": int(time.time()),
        "currency": params["currency"],
        "customer": params.get("customer"),
        "description": params.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "next_action": None,
        "payment_method": params.get("payment_method"),
        "payment_method_options": params.get("payment_method_options", {}),
        "payment_method_types": params.get("payment_method_types", ["card"]),
        "processing": None,
        "receipt_email": params.get("receipt_email"),
        "status": "requires_confirmation" if params.get("payment_method") else "requires_payment_method",
    }


def customer(params: Plain) -> Plain:
    return {
        "id": new_id("cus_"),
        "object": "customer",
        "created": int(time.time()),
        "email": params.get("email"),
        "livemode": False,
        "metadata": params.get("metadata", {}),
    }


def card_method(behaves: str, customer_name: str | None, **card: Any) -> Plain:
    """A card that was typed. `behaves` is the test card it is, which the real API does not show."""
    shown = {"brand": "visa", "country": "DE", "exp_month": 12, "exp_year": 2030, "last4": "4242"}
    return {
        "id": new_id("pm_"),
        "object": "payment_method",
        "allow_redisplay": "limited" if customer_name else "unspecified",
        "billing_details": {"address": {}, "email": None, "name": None, "phone": None},
        "card": {**shown, "fingerprint": "of-the-stand-in", "wallet": None, **card},
        "created": int(time.time()),
        "customer": customer_name,
        "livemode": False,
        "metadata": {},
        "type": "card",
        "_behaves": behaves,
    }


def charge(of: Plain, *, status: str, code: str | None = None) -> Plain:
    return {
        "id": new_id("ch_"),
        "object": "charge",
        "amount": of["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "balance_transaction": None,
        "created": int(time.time()),
        "currency": of["currency"],
        "disputed": False,
        "failure_code": code,
        "livemode": False,
        "metadata": of["metadata"],
        "outcome": {
            "type": "authorized",
            "risk_level": "normal",
            "risk_score": 12,
            "network_status": "approved_by_network",
        },
        "paid": status == "succeeded",
        "payment_intent": of["id"],
        "refunded": False,
        "status": status,
    }


def balance(of: Plain, amount: int, kind: str) -> Plain:
    fee = amount * 15 // 1000 + 25 if kind == "charge" else 0
    return {
        "id": new_id("txn_"),
        "object": "balance_transaction",
        "amount": amount,
        "created": int(time.time()),
        "currency": of["currency"],
        "exchange_rate": None,
        "fee": fee,
        "net": amount - fee,
        "source": of["id"],
        "status": "pending",
        "reporting_category": kind,
        "type": kind,
    }


def refund(params: Plain, of: Plain, status: str) -> Plain:
    return {
        "id": new_id("re_"),
        "object": "refund",
        "amount": int(params["amount"]),
        "balance_transaction": None,
        "charge": of["id"],
        "created": int(time.time()),
        "currency": of["currency"],
        "metadata": params.get("metadata", {}),
        "payment_intent": of["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "status": status,
    }


def dispute(of: Plain, status: str) -> Plain:
    return {
        "id": new_id("dp_"),
        "object": "dispute",
        "amount": of["amount"],
        "charge": of["id"],
        "created": int(time.time()),
        "currency": of["currency"],
        "livemode": False,
        "metadata": {},
        "payment_intent": of["payment_intent"],
        "reason": "fraudulent",
        "status": status,
    }


def event(kind: str, thing: Plain, *, livemode: bool = False) -> Plain:
    return {
        "id": new_id("evt_"),
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": int(time.time()),
        "data": {"object": thing},
        "livemode": livemode,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def error(kind: str, code: str, message: str, **more: Any) -> Plain:
    return {"error": {"type": kind, "code": code, "message": message, **more}}
