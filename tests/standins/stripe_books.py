"""The books of the stand-in for Stripe: what each call does, and what the shopper and the world do."""

import copy
import threading
import time
from typing import Any

from tests.standins import stripe_objects as objects
from tests.standins.stripe_cards import CardBooks, Refusal, invalid, no_such

Plain = dict[str, Any]
DECLINES = {
    "pm_card_chargeDeclined": ("card_declined", "generic_decline"),
    "pm_card_insufficientFunds": ("card_declined", "insufficient_funds"),
    "pm_card_chargeDeclinedExpiredCard": ("expired_card", None),
}
THREE_D_SECURE = "pm_card_threeDSecure2Required"
DELAYED = ("sepa_debit", "konbini", "boleto", "oxxo", "pix", "multibanco")


class StripeBooks(CardBooks):
    """Everything the stand-in remembers."""

    def __init__(self) -> None:
        self.base = ""
        self.things: dict[str, Plain] = {}
        self.answers: dict[str, tuple[str, int, Plain]] = {}
        self.calls: list[tuple[str, str, str]] = []
        self.versions: set[str] = set()
        self.messages: list[Plain] = []
        self.lose_next_answer = False
        self.refund_status = "succeeded"
        self.lock = threading.RLock()

    def of_kind(self, kind: str, **wanted: Any) -> list[Plain]:
        found = [thing for thing in self.things.values() if thing["object"] == kind]
        return [thing for thing in found if all(thing.get(name) == value for name, value in wanted.items())]

    def find(self, name: str) -> Plain:
        try:
            return self.things[name]
        except KeyError:
            raise no_such(name) from None

    def keep(self, thing: Plain) -> Plain:
        self.things[thing["id"]] = thing
        return thing

    def tell(self, kind: str, thing: Plain) -> None:
        self.messages.append(objects.event(kind, copy.deepcopy(thing)))

    # --- the calls -----------------------------------------------------------------------------------------------

    def create_session(self, params: Plain) -> Plain:
        if not params.get("line_items"):
            raise invalid("parameter_missing", "Missing required param: line_items.")
        if params.get("customer") and params.get("customer_email"):
            raise invalid("parameter_unknown", "You may only specify one of these: customer, customer_email.")
        self.check_customer(params)
        item = params["line_items"][0]
        behind = params.get("payment_intent_data", {})
        intent = self.keep(
            objects.intent(
                {
                    "amount": int(item["price_data"]["unit_amount"]) * int(item["quantity"]),
                    "currency": item["price_data"]["currency"],
                    "capture_method": behind.get("capture_method", "automatic"),
                    "metadata": behind.get("metadata", {}),
                    "payment_method_types": params.get("payment_method_types", ["card"]),
                    "description": behind.get("description"),
                    "customer": params.get("customer"),
                    "payment_method_options": params.get("payment_method_options", {}),
                }
            )
        )
        return self.keep(objects.session(params, intent["id"], self.base))

    def expire_session(self, name: str) -> Plain:
        session = self.find(name)
        if session["status"] != "open":
            raise invalid("checkout_session_not_open", f"Only open sessions can be expired: {session['status']}.")
        session.update(status="expired", url=None)
        self._cancel(self.find(session["payment_intent"]), "automatic")
        self.tell("checkout.session.expired", session)
        return session

    def create_intent(self, params: Plain) -> Plain:
        if int(params["amount"]) <= 0:
            raise invalid("parameter_invalid_integer", "This value must be greater than or equal to 1.")
        self.check_customer(params)
        self.check_method(params)
        return self.keep(objects.intent(params))

    def confirm_intent(self, name: str, params: Plain) -> Plain:
        """A server confirms: a decline is an error here (402), and the bank's page needs a return address."""
        intent = self.find(name)
        method = params.get("payment_method") or intent["payment_method"] or "pm_card_visa"
        self.confirm(name, method)
        error = intent["last_payment_error"]
        if intent["status"] == "requires_payment_method" and error:
            said = {"decline_code": error["decline_code"]} if error["decline_code"] else {}
            raise Refusal(402, objects.error("card_error", error["code"], "Your card was declined.", **said))
        if intent["status"] == "requires_action":
            intent["next_action"] = self.bank_page(intent, params.get("return_url"))
        return intent

    def capture_intent(self, name: str, params: Plain) -> Plain:
        intent = self.find(name)
        if intent["status"] != "requires_capture":
            raise invalid("payment_intent_unexpected_state", "This PaymentIntent could not be captured.")
        wanted = int(params.get("amount_to_capture", intent["amount_capturable"]))
        if wanted > intent["amount_capturable"]:
            raise invalid("amount_too_large", "amount_to_capture is greater than the capturable amount.")
        self._succeed(intent, wanted)
        return intent

    def cancel_intent(self, name: str) -> Plain:
        intent = self.find(name)
        if intent["status"] in ("succeeded", "canceled", "processing"):
            raise invalid("payment_intent_unexpected_state", f"You cannot cancel this: {intent['status']}.")
        self._cancel(intent, "requested_by_customer")
        return intent

    def create_refund(self, params: Plain) -> Plain:
        intent = self.find(params["payment_intent"])
        charge = self.things.get(intent["latest_charge"] or "")
        if charge is None or not charge["amount_captured"]:
            raise invalid("charge_not_captured", "This payment has no captured charge.")
        wanted = int(params.get("amount", charge["amount_captured"]))
        left = charge["amount_captured"] - charge["amount_refunded"]
        if not left:
            raise invalid("charge_already_refunded", "The charge has already been refunded.")
        if wanted > left:
            raise invalid("charge_amount_too_large", f"Refund amount is greater than unrefunded amount ({left}).")
        refund = self.keep(objects.refund({**params, "amount": wanted}, charge, self.refund_status))
        refund["balance_transaction"] = self.keep(objects.balance(refund, -wanted, "refund"))["id"]
        charge["amount_refunded"] += wanted
        charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
        self.tell("refund.created", refund)
        self.tell("charge.refunded", charge)
        return refund

    def listed(self, kind: str, params: Plain) -> Plain:
        found = self.of_kind(kind, payment_intent=params["payment_intent"])
        return {"object": "list", "data": found, "has_more": False, "url": f"/v1/{kind}s"}

    def list_balance(self, params: Plain) -> Plain:
        """The account's books, newest first, `limit` at a time, with what each row is about."""
        span, limit, payout = params.get("created", {}), int(params.get("limit", 10)), params.get("payout")
        rows = [
            row
            for row in reversed(self.of_kind("balance_transaction"))
            if int(span.get("gte", 0)) <= row["created"] < int(span.get("lt", 2**40))
            and (payout is None or payout in (row.get("paid_out"), row["source"]))
        ]
        if after := params.get("starting_after"):
            rows = rows[[row["id"] for row in rows].index(after) + 1 :]
        shown = [{**row, "source": self.things.get(row["source"], row["source"])} for row in rows[:limit]]
        return {"object": "list", "data": shown, "has_more": len(rows) > limit, "url": "/v1/balance_transactions"}

    def pay_out(self, amount: int, currency: str = "eur") -> Plain:
        """Stripe sends so much to the bank, because somebody pressed a button there."""
        return self._send(amount, currency, automatic=False)

    def pay_everything_out(self, currency: str = "eur") -> Plain:
        """Stripe sends what has not been sent, and knows of which rows it consists."""
        rows = [row for row in self.of_kind("balance_transaction", currency=currency) if not row.get("paid_out")]
        sent = self._send(sum(row["net"] for row in rows), currency, automatic=True)
        for row in rows:
            row["paid_out"] = sent["source"]
        return sent

    def _send(self, amount: int, currency: str, *, automatic: bool) -> Plain:
        payout = {"id": objects.new_id("po_"), "object": "payout", "amount": amount, "currency": currency}
        payout |= {"automatic": automatic, "reconciliation_status": "completed" if automatic else "not_applicable"}
        return self.keep(objects.balance(self.keep(payout), -amount, "payout"))

    # --- what the shopper and the world do -----------------------------------------------------------------------

    def pay_on_page(self, name: str, method: str = "pm_card_visa") -> Plain:
        """The shopper pays on the hosted page. A decline leaves the page open for another try."""
        session = self.find(name)
        assert session["status"] == "open", "the page is closed"
        intent = self.confirm(session["payment_intent"], method, on_page=session["payment_method_types"][0])
        if intent["status"] not in ("requires_payment_method", "requires_action") or intent["processing"]:
            session["status"] = "complete"
            session["payment_status"] = "paid" if intent["status"] == "succeeded" else "unpaid"
            self.tell("checkout.session.completed", session)
        return session

    def confirm(self, name: str, method: str, *, on_page: str = "card") -> Plain:
        """A try to pay: succeeds, is declined, asks for 3-D Secure, or waits for the money."""
        intent = self.find(name)
        if intent["status"] not in ("requires_payment_method", "requires_confirmation", "requires_action"):
            raise invalid("payment_intent_unexpected_state", "This PaymentIntent cannot be confirmed.")
        behaves = self.behaviour_of(method)
        if behaves in DECLINES:
            self._decline(intent, *DECLINES[behaves])
        elif behaves == THREE_D_SECURE and intent["status"] != "requires_action":
            intent.update(status="requires_action", next_action={"type": "redirect_to_url"}, payment_method=method)
            self.tell("payment_intent.requires_action", intent)
        elif on_page in DELAYED:
            intent.update(status="processing", processing={"type": on_page}, payment_method=method)
            self.tell("payment_intent.processing", intent)
        else:
            intent["payment_method"] = method
            self._authorize(intent)
        return intent

    def finish_3ds(self, name: str, *, accepted: bool) -> Plain:
        """The shopper's bank has asked them."""
        session = self.things.get(name)
        intent = self.find(session["payment_intent"] if session and session["object"] == "checkout.session" else name)
        assert intent["status"] == "requires_action"
        if not accepted:
            self._decline(intent, "payment_intent_authentication_failure", None)
            return intent
        self._authorize(intent)
        if session and session["object"] == "checkout.session":
            session.update(status="complete", payment_status="paid" if intent["status"] == "succeeded" else "unpaid")
            self.tell("checkout.session.completed", session)
        return intent

    def finish_delayed(self, name: str, *, succeeds: bool) -> Plain:
        """The money of a slow method arrives, or never will."""
        session = self.find(name)
        intent = self.find(session["payment_intent"])
        assert intent["status"] == "processing"
        intent["processing"] = None
        if succeeds:
            self._succeed(intent, intent["amount"])
            session["payment_status"] = "paid"
        else:
            self._decline(intent, "payment_method_provider_decline", None)
        self.tell(f"checkout.session.async_payment_{'succeeded' if succeeds else 'failed'}", session)
        return session

    def finish_refund(self, name: str, *, succeeds: bool) -> Plain:
        refund = self.find(name)
        refund["status"] = "succeeded" if succeeds else "failed"
        if not succeeds:
            refund["failure_reason"] = "expired_or_canceled_card"
            self.find(refund["charge"])["amount_refunded"] -= refund["amount"]
        self.tell("refund.updated", refund)
        return refund

    def dispute(self, intent_name: str, status: str = "needs_response") -> Plain:
        charge = self.find(self.find(intent_name)["latest_charge"])
        charge["disputed"] = True
        dispute = self.keep(objects.dispute(charge, status))
        self.tell("charge.dispute.created", dispute)
        return dispute

    def _decline(self, intent: Plain, code: str, reason: str | None) -> None:
        charge = self.keep(objects.charge(intent, status="failed", code=code))
        intent.update(
            status="requires_payment_method",
            latest_charge=charge["id"],
            next_action=None,
            payment_method=None,
            last_payment_error={"type": "card_error", "code": code, "decline_code": reason, "charge": charge["id"]},
        )
        self.tell("payment_intent.payment_failed", intent)

    def _authorize(self, intent: Plain) -> None:
        used = self.method_after(intent)
        intent.update(last_payment_error=None, next_action=None, payment_method=used)
        if intent["capture_method"] == "manual":
            charge = self.keep(objects.charge(intent, status="succeeded"))
            intent.update(status="requires_capture", amount_capturable=intent["amount"], latest_charge=charge["id"])
            self.tell("payment_intent.amount_capturable_updated", intent)
        else:
            self._succeed(intent, intent["amount"])

    def _succeed(self, intent: Plain, amount: int) -> None:
        held = self.things.get(intent["latest_charge"] or "") if intent["status"] == "requires_capture" else None
        charge = held or self.keep(objects.charge(intent, status="succeeded"))
        charge["amount_captured"] = amount
        charge["balance_transaction"] = self.keep(objects.balance(charge, amount, "charge"))["id"]
        intent.update(
            status="succeeded",
            amount_received=amount,
            amount_capturable=0,
            latest_charge=charge["id"],
            last_payment_error=None,
        )
        self.tell("charge.succeeded", charge)
        self.tell("payment_intent.succeeded", intent)

    def _cancel(self, intent: Plain, reason: str) -> None:
        intent.update(status="canceled", cancellation_reason=reason, canceled_at=int(time.time()))
        self.tell("payment_intent.canceled", intent)
