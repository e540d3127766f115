"""A shopper without scripts: fills forms, presses buttons, follows redirects. Speaks HTTP only."""

import re
from dataclasses import dataclass, field

from django.test import Client

from catalog.models import Variant
from tests.factories.checkout import ADDRESSES, EMAIL

HIDDEN = re.compile(r'<input type="hidden" name="(form_key|fingerprint|due)" value="([^"]*)">')


@dataclass
class Shopper:
    """One browser in one market and language."""

    market: str = "de"
    language: str = "en"
    client: Client = field(default_factory=Client)

    def path(self, rest: str = "") -> str:
        return f"/{self.market}/{self.language}/{rest}"

    def get(self, rest: str) -> "Answer":
        return Answer(self.client.get(self.path(rest)))

    def post(self, rest: str, **fields: object) -> "Answer":
        return Answer(self.client.post(self.path(rest), fields))

    def add(self, variant: Variant, quantity: object = 1) -> "Answer":
        return self.post("cart/add/", variant=variant.pk, quantity=quantity)

    def form(self, country: str = "DE", **changes: object) -> dict[str, object]:
        """The checkout form as the page shows it, filled in."""
        shown = self.get("checkout/")
        assert shown.status == 200, shown.text[:2000]
        hidden = dict(HIDDEN.findall(shown.text))
        filled = {**ADDRESSES[country], "email": EMAIL, "country": country, "billing_same": "1", "payment": "card"}
        return {**hidden, **filled, **changes}

    def order(self, country: str = "DE", **changes: object) -> "Answer":
        """Press the order button. The total was shown for the filled-in address."""
        typed = self.form(country, **changes)
        again = self.post("checkout/delivery/", **typed)
        typed.update(dict(HIDDEN.findall(again.text)))
        typed.update(changes)
        return self.post("checkout/", **typed, action="place")

    def choose(self, pay_page: str, choice: str) -> "Answer":
        """Press a button on the sandbox's page."""
        return Answer(self.client.post(pay_page, {"choice": choice}))

    def follow(self, url: str) -> "Answer":
        return Answer(self.client.get(url))


class Answer:
    """What came back."""

    def __init__(self, response: object) -> None:
        self.response = response
        self.status: int = response.status_code
        self.text: str = response.content.decode()

    @property
    def location(self) -> str:
        return str(self.response["Location"])
