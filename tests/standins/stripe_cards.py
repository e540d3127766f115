"""Customers and kept cards of the stand-in for Stripe, as the real API has them.

A card that is typed becomes a PaymentMethod; with `setup_future_usage` and a Customer it is attached when the payment
goes through. One that is nobody's cannot pay again, and one Customer's card cannot pay for another.
"""

from abc import ABC, abstractmethod
from typing import Any

from tests.standins import stripe_objects as objects

Plain = dict[str, Any]


class Refusal(Exception):
    """An answer of Stripe that is not a success."""

    def __init__(self, status: int, body: Plain) -> None:
        self.status, self.body = status, body
        super().__init__(body["error"]["code"])


def no_such(name: str) -> Refusal:
    return Refusal(404, objects.error("invalid_request_error", "resource_missing", f"No such object: {name}"))


def invalid(code: str, message: str) -> Refusal:
    return Refusal(400, objects.error("invalid_request_error", code, message))


class CardBooks(ABC):
    """The part of the books about Customers and their cards."""

    base: str
    things: dict[str, Plain]
    typed: Plain

    @abstractmethod
    def find(self, name: str) -> Plain:
        """The thing of this name. Raises `Refusal`."""

    @abstractmethod
    def keep(self, thing: Plain) -> Plain:
        """Store it under its name."""

    @abstractmethod
    def tell(self, kind: str, thing: Plain) -> None:
        """Send a message of this kind about it."""

    def create_customer(self, params: Plain) -> Plain:
        return self.keep(objects.customer(params))

    def delete_customer(self, name: str) -> Plain:
        """For ever; its cards are nobody's from then on."""
        customer = self.find(name)
        if customer.get("deleted"):
            raise no_such(name)
        for thing in list(self.things.values()):
            if thing["object"] == "payment_method" and thing["customer"] == name:
                self.detach(thing["id"])
        self.things[name] = {"id": name, "object": "customer", "deleted": True}
        self.tell("customer.deleted", customer)
        return self.things[name]

    def detach(self, name: str) -> Plain:
        method = self.find(name)
        if not method["customer"]:
            raise invalid("payment_method_unexpected_state", "The payment method is not attached to a customer.")
        method["customer"] = None
        self.tell("payment_method.detached", method)
        return method

    def check_customer(self, params: Plain) -> None:
        name = params.get("customer")
        if name and self.find(name).get("deleted"):
            raise no_such(name)

    def check_method(self, params: Plain) -> None:
        """A card that was used without a Customer, or was detached, can never be used again; others' cannot either."""
        name = params.get("payment_method")
        if not name:
            return
        owner = self.find(name)["customer"]
        if owner is None or owner != params.get("customer"):
            raise invalid("payment_method_unexpected_state", "The payment method does not belong to the customer.")

    def behaviour_of(self, name: str) -> str:
        """Which of Stripe's test cards a name stands for."""
        method = self.things.get(name)
        return str(method["_behaves"]) if method else name

    def method_after(self, intent: Plain) -> str:
        """The card of a payment that goes through; attached to the Customer where it is to be kept."""
        name = str(intent["payment_method"] or "pm_card_visa")
        if name in self.things:
            return name
        keeps = intent["payment_method_options"].get("card", {}).get("setup_future_usage")
        owner = intent["customer"] if keeps else None
        method = self.keep(objects.card_method(name, owner, **getattr(self, "typed", {})))
        if owner:
            self.tell("payment_method.attached", method)
        return str(method["id"])

    def bank_page(self, intent: Plain, return_url: str | None) -> Plain:
        """Where the bank asks: an address when Stripe knows where to send the shopper afterwards."""
        if not return_url:
            return {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
        url = f"{self.base}/3ds/{intent['id']}"
        return {"type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": return_url}}
