"""The books of the stand-in for PayPal: what each call does, and what the shopper and the world do."""

import copy
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.standins import paypal_objects as objects

Plain = dict[str, Any]
WHOLE_ONLY = ("HUF", "JPY", "TWD")
MONEY = ("COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED")


class Refusal(Exception):
    """An answer of PayPal that is not a success."""

    def __init__(self, status: int, issue: str) -> None:
        self.status, self.body = status, objects.error(status, issue)
        super().__init__(issue)


def invalid(issue: str) -> Refusal:
    return Refusal(422, issue)


class PayPalBooks:
    """Everything the stand-in remembers."""

    def __init__(self) -> None:
        self.base = ""
        self.orders: dict[str, Plain] = {}
        self.disputes: dict[str, Plain] = {}
        self.rows: list[Plain] = []
        self.answers: dict[str, tuple[str, int, Plain]] = {}
        self.calls: list[tuple[str, str, str]] = []
        self.returns: dict[str, Plain] = {}
        self.messages: list[Plain] = []
        self.tokens: set[str] = set()
        self.token_calls = 0
        self.good_secret = "secret of the stand-in"
        self.lose_next_answer = False
        self.fail_next_with: list[int] = []
        self.decline_with = ""
        self.capture_status = "COMPLETED"
        self.refund_status = "COMPLETED"
        self.may_see_disputes = True
        self.page_size = 2
        self.meanwhile: Callable[[], None] | None = None
        self.lock = threading.RLock()

    def made(self, verb: str, part: str) -> list[tuple[str, str, str]]:
        """The calls of this kind, oldest first."""
        return [call for call in self.calls if call[0] == verb and part in call[1]]

    def find(self, name: str) -> Plain:
        try:
            return self.orders[name]
        except KeyError:
            raise Refusal(404, "INVALID_RESOURCE_ID") from None

    def payments(self, order: Plain) -> Plain:
        found: Plain = order["purchase_units"][0].setdefault("payments", {})
        return found

    def _behind(self, kind: str, name: str) -> tuple[Plain, Plain]:
        for order in self.orders.values():
            for thing in self.payments(order).get(kind, []):
                if thing["id"] == name:
                    return order, thing
        raise Refusal(404, "INVALID_RESOURCE_ID")

    def captures_of(self, name: str) -> list[Plain]:
        found: list[Plain] = self.payments(self.find(name)).get("captures", [])
        return found

    def refunds_of(self, name: str) -> list[Plain]:
        found: list[Plain] = self.payments(self.find(name)).get("refunds", [])
        return found

    def tell(self, kind: str, resource_type: str, thing: Plain, order: Plain | None = None) -> None:
        resource = copy.deepcopy(thing)
        if order is not None:
            resource["supplementary_data"] = {"related_ids": {"order_id": order["id"]}}
        self.messages.append(objects.event(kind, resource_type, resource, "https://api.sandbox.paypal.com"))

    # --- the calls -----------------------------------------------------------------------------------------------

    def create_order(self, params: Plain) -> Plain:
        amount = params["purchase_units"][0]["amount"]
        if amount["currency_code"] in WHOLE_ONLY and "." in amount["value"]:
            raise invalid("DECIMALS_NOT_SUPPORTED")
        if Decimal(amount["value"]) <= 0:
            raise invalid("CANNOT_BE_ZERO_OR_NEGATIVE")
        order = objects.order(params, self.base)
        self.orders[order["id"]] = order
        self.returns[order["id"]] = params["payment_source"]["paypal"]["experience_context"]
        return order

    def capture_order(self, name: str) -> Plain:
        order = self._takeable(name, "CAPTURE", "ORDER_ALREADY_CAPTURED")
        capture = objects.capture(order, _plain(order), self.capture_status, self.base)
        self.payments(order).setdefault("captures", []).append(capture)
        order.update(status="COMPLETED", update_time=objects.now())
        self._tell_capture(order, capture)
        return order

    def authorize_order(self, name: str) -> Plain:
        order = self._takeable(name, "AUTHORIZE", "ORDER_ALREADY_AUTHORIZED")
        authorization = objects.authorization(order, self.base)
        authorization["amount"] = _plain(order)
        self.payments(order).setdefault("authorizations", []).append(authorization)
        order.update(status="COMPLETED", update_time=objects.now())
        self.tell("PAYMENT.AUTHORIZATION.CREATED", "authorization", authorization, order)
        return order

    def _takeable(self, name: str, intent: str, already: str) -> Plain:
        order = self.find(name)
        if order["intent"] != intent:
            raise invalid("ACTION_DOES_NOT_MATCH_INTENT")
        if order["status"] == "COMPLETED":
            raise invalid(already)
        if order["status"] != "APPROVED":
            raise invalid("ORDER_NOT_APPROVED")
        if self.decline_with:
            raise invalid(self.decline_with)
        return order

    def capture_authorization(self, name: str, params: Plain) -> Plain:
        order, held = self._behind("authorizations", name)
        if held["status"] == "VOIDED":
            raise invalid("AUTHORIZATION_VOIDED")
        if held["status"] == "CAPTURED":
            raise invalid("AUTHORIZATION_ALREADY_CAPTURED")
        captures = self.payments(order).setdefault("captures", [])
        taken = sum((Decimal(one["amount"]["value"]) for one in captures), start=Decimal(params["amount"]["value"]))
        if taken > Decimal(held["amount"]["value"]):
            raise invalid("MAX_CAPTURE_AMOUNT_EXCEEDED")
        final = bool(params.get("final_capture"))
        capture = objects.capture(order, params["amount"], self.capture_status, self.base, final=final)
        capture["invoice_id"] = params.get("invoice_id", "")
        captures.append(capture)
        held["status"] = "CAPTURED" if final else "PARTIALLY_CAPTURED"
        self._tell_capture(order, capture)
        return capture

    def void(self, name: str) -> Plain:
        order, held = self._behind("authorizations", name)
        if held["status"] != "CREATED":
            raise invalid("PREVIOUSLY_VOIDED" if held["status"] == "VOIDED" else "PREVIOUSLY_CAPTURED")
        held["status"] = "VOIDED"
        self.tell("PAYMENT.AUTHORIZATION.VOIDED", "authorization", held, order)
        return held

    def refund_capture(self, name: str, params: Plain) -> Plain:
        order, capture = self._behind("captures", name)
        if capture["status"] == "PENDING":
            raise invalid("PENDING_CAPTURE")
        if capture["status"] == "REFUNDED":
            raise invalid("CAPTURE_FULLY_REFUNDED")
        refunds = self.payments(order).setdefault("refunds", [])
        mine = [one for one in refunds if one["links"][1]["href"].endswith(name) and one["status"] != "FAILED"]
        back = sum((Decimal(one["amount"]["value"]) for one in mine), start=Decimal(0))
        wanted = Decimal((params.get("amount") or capture["amount"])["value"])
        if back + wanted > Decimal(capture["amount"]["value"]):
            raise invalid("REFUND_AMOUNT_EXCEEDED")
        refund = objects.refund(capture, params, self.refund_status, self.base)
        refunds.append(refund)
        is_whole = back + wanted == Decimal(capture["amount"]["value"])
        capture["status"] = "REFUNDED" if is_whole else "PARTIALLY_REFUNDED"
        self.tell("PAYMENT.CAPTURE.REFUNDED", "refund", refund)
        return refund

    def disputes_about(self, capture: str) -> Plain:
        if not self.may_see_disputes:
            raise Refusal(403, "PERMISSION_DENIED")
        found = [one for one in self.disputes.values() if _about(one) == capture]
        answer: Plain = {"links": [objects.link(self.base, "/v1/customer/disputes", "self")]}
        return {**answer, "items": [objects.listed(one) for one in found]} if found else answer

    def dispute_named(self, name: str) -> Plain:
        return self.disputes[name]

    def report(self, params: Plain) -> Plain:
        """Pages are smaller here than anybody asks for, so that turning them is tested."""
        begin, end = params["start_date"], params["end_date"]
        rows = [row for row in self.rows if begin[:10] <= _day(row) <= end[:10]]
        page = int(params["page"])
        shown = rows[(page - 1) * self.page_size : page * self.page_size]
        pages = -(-len(rows) // self.page_size)
        answer: Plain = {"page": page, "total_items": len(rows), "total_pages": pages, "account_number": "X1"}
        return {**answer, "transaction_details": shown} if shown else answer

    # --- what the shopper and the world do -----------------------------------------------------------------------

    def approve(self, name: str) -> Plain:
        """The shopper agrees on PayPal's page. No money has moved."""
        order = self.find(name)
        assert order["status"] in ("PAYER_ACTION_REQUIRED", "APPROVED"), "the page is closed"
        order.update(status="APPROVED", payer=objects.payer())
        self.tell("CHECKOUT.ORDER.APPROVED", "checkout-order", order)
        return order

    def finish_review(self, name: str, *, accepted: bool) -> Plain:
        """A payment under review is let through, or is not."""
        order = self.find(name)
        capture: Plain = self.payments(order)["captures"][-1]
        assert capture["status"] == "PENDING"
        if accepted:
            objects.settle(capture)
        else:
            capture["status"] = "DECLINED"
        self.tell(f"PAYMENT.CAPTURE.{'COMPLETED' if accepted else 'DENIED'}", "capture", capture, order)
        return capture

    def finish_refund(self, refund: Plain, *, succeeds: bool) -> None:
        refund["status"] = "COMPLETED" if succeeds else "FAILED"
        refund.pop("status_details", None)
        self.tell("PAYMENT.CAPTURE.REFUNDED", "refund", refund)

    def forget(self, name: str) -> None:
        """Orders nobody approves are gone after a while."""
        del self.orders[name]

    def dispute(self, capture: Plain, amount: Plain | None = None) -> Plain:
        dispute = objects.dispute(capture, amount or capture["amount"])
        self.disputes[dispute["dispute_id"]] = dispute
        self.tell("CUSTOMER.DISPUTE.CREATED", "dispute", dispute)
        return dispute

    def resolve(self, dispute: Plain, outcome: str, **more: Any) -> None:
        dispute.update(status="RESOLVED", dispute_outcome={"outcome_code": outcome, **more}, update_time=objects.now())
        self.tell("CUSTOMER.DISPUTE.RESOLVED", "dispute", dispute)

    def _tell_capture(self, order: Plain, capture: Plain) -> None:
        kind = {"COMPLETED": "COMPLETED", "PENDING": "PENDING"}.get(capture["status"], "DECLINED")
        self.tell(f"PAYMENT.CAPTURE.{kind}", "capture", capture, order)
        if capture["status"] == "COMPLETED":
            self.tell("CHECKOUT.ORDER.COMPLETED", "checkout-order", order)


def _plain(order: Plain) -> Plain:
    amount = order["purchase_units"][0]["amount"]
    return {"currency_code": amount["currency_code"], "value": amount["value"]}


def _about(dispute: Plain) -> str:
    return str(dispute["disputed_transactions"][0]["seller_transaction_id"])


def _day(row: Plain) -> str:
    return str(row["transaction_info"]["transaction_initiation_date"])[:10]
