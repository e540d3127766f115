"""PayPal behind our protocol.

On PayPal's page the shopper only approves: the money moves when we ask for it. We ask as soon as we see an approved
order, whichever door told us (`fetch`), and never again for a payment that has ended here: that is what closing one
means, because PayPal has no call for it. An order can be taken once, so asking twice cannot charge twice.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from djmoney.money import Money

from payments.capturing import is_captured_by_hand
from payments.errors import ProviderRefused
from payments.providers.paypal.amounts import coarse_steps, from_paypal, offered_currencies, to_paypal
from payments.providers.paypal.building import order_request
from payments.providers.paypal.client import PayPalApi, Plain
from payments.providers.paypal.config import ORDER_LIFE, paypal_config
from payments.providers.paypal.entries import entry_of, spans
from payments.providers.paypal.parsing import (
    SETTLED,
    WAITING,
    agreed_amount,
    authorizations_of,
    captures_of,
    facts_of_dispute,
    facts_of_order,
    facts_of_refunds,
    link_of,
    moment_of,
    refunds_of,
    unit_of,
)
from payments.providers.paypal.promises import UNDONE, label_of, parts_for, promise_of
from payments.providers.paypal.refusals import PayPalRefused
from payments.providers.paypal.webhooks import read_message
from payments.providers.protocol import ProviderOffer
from payments.types import (
    FactKind,
    NextAction,
    PaymentFact,
    PaymentHandle,
    ProviderEntry,
    RefundRequest,
    StartAnswer,
    StartRequest,
    WebhookMessage,
)

logger = logging.getLogger(__name__)
METHOD = "paypal"
ORDERS = "/v2/checkout/orders"
TAKEN_ALREADY = frozenset({"order_already_captured", "order_already_authorized"})
NOT_YET = frozenset({"order_not_approved", "payer_action_required"})
HELD = ("CREATED", "PARTIALLY_CAPTURED")
VOIDABLE = (*HELD, "PENDING")
PAGE_SIZE = 500


class PayPalProvider:
    """PayPal, as the settings configure it."""

    def __init__(self) -> None:
        self.config = paypal_config()
        self.api = PayPalApi(self.config)

    @property
    def offer(self) -> ProviderOffer:
        return ProviderOffer(
            enabled=self.config.is_complete,
            is_test=False,
            methods=frozenset({METHOD}),
            currencies={METHOD: offered_currencies(self.config.country)},
            steps=coarse_steps(),
            held_methods=frozenset({METHOD}) if is_captured_by_hand() else frozenset(),
        )

    def start(self, request: StartRequest) -> StartAnswer:
        """An order to be approved on PayPal's page."""
        order = self.api.post(ORDERS, order_request(request), key=request.idempotency_key)
        page = link_of(order, "payer-action", "approve")
        if not page:
            raise ProviderRefused("no_page_to_approve")
        return StartAnswer(
            provider_ref=str(order["id"]),
            next_action=NextAction("redirect", page),
            expires_at=datetime.now(UTC) + ORDER_LIFE,
            facts=tuple(facts_of_order(order)),
        )

    def fetch(self, handle: PaymentHandle) -> tuple[PaymentFact, ...]:
        """The order with its money, refunds and disputes; takes the money of an approved one that is still wanted."""
        try:
            order = self._order(handle)
        except PayPalRefused as refusal:
            if refusal.is_unknown and handle.is_open and handle.is_over(datetime.now(UTC)):
                return (_ended(handle, "canceled", "expired"),)
            raise
        if order["status"] == "APPROVED" and handle.is_open:
            return tuple(self._take(handle, order))
        return (*facts_of_order(order), *self._known_disputes(handle, order))

    def _order(self, handle: PaymentHandle) -> Plain:
        return self.api.get(f"{ORDERS}/{quote(handle.provider_ref, safe='')}")

    def _take(self, handle: PaymentHandle, order: Plain) -> list[PaymentFact]:
        """Ask for the money, if the order is still the one we agreed on."""
        if not _is_as_agreed(order, handle):
            logger.error("PayPal's order of payment %s is not what we asked for: not taken.", handle.payment_ref)
            return [_ended(handle, "failed", "order_changed")]
        verb = "authorize" if handle.manual_capture else "capture"
        try:
            taken = self.api.post(f"{ORDERS}/{order['id']}/{verb}", {}, key=f"{handle.payment_ref}-take")
        except PayPalRefused as refusal:
            return self._not_taken(handle, order, refusal)
        return facts_of_order(taken)

    def _not_taken(self, handle: PaymentHandle, order: Plain, refusal: PayPalRefused) -> list[PaymentFact]:
        """A declined source ends this attempt, and the shopper chooses again; trouble with our account does not."""
        if refusal.reason in TAKEN_ALREADY:
            return facts_of_order(self._order(handle))
        if refusal.reason in NOT_YET:
            return facts_of_order(order)
        if refusal.is_about_payment:
            return [_ended(handle, "failed", refusal.reason)]
        raise refusal

    def _known_disputes(self, handle: PaymentHandle, order: Plain) -> list[PaymentFact]:
        """An account without the right to see disputes still takes money; what comes after it is then a case."""
        try:
            return self._disputes(order)
        except PayPalRefused as refusal:
            if not handle.is_open:
                raise
            logger.error("PayPal does not show disputes: %s.", refusal.reason)
            return []

    def _disputes(self, order: Plain) -> list[PaymentFact]:
        """Disputes about what was taken; the list leaves out how they ended."""
        facts = []
        for capture in captures_of(order):
            if capture["status"] not in SETTLED:
                continue
            about = {"disputed_transaction_id": str(capture["id"]), "page_size": "50"}
            for item in self.api.get("/v1/customer/disputes", about).get("items") or ():
                dispute = self.api.get(f"/v1/customer/disputes/{quote(str(item['dispute_id']), safe='')}")
                facts += facts_of_dispute(dispute, provider_ref=str(order["id"]))
        return facts

    def capture(self, handle: PaymentHandle, amount: Money, key: str) -> tuple[PaymentFact, ...]:
        """Take a part or all of what is held; the rest stays held until PayPal lets it go.

        The key is the capture's invoice number too: an earlier try whose answer was lost is recognised by it.
        """
        order = self._order(handle)
        if any(one.get("invoice_id") == key for one in captures_of(order)):
            return tuple(facts_of_order(order))
        held = next((one for one in authorizations_of(order) if one["status"] in HELD), None)
        if held is None:
            raise PayPalRefused("nothing_is_held", 422)
        taken = [from_paypal(one["amount"]) for one in captures_of(order) if one["status"] in (*SETTLED, "PENDING")]
        left = from_paypal(held["amount"]) - sum(taken, start=amount - amount)
        self.api.post(
            f"/v2/payments/authorizations/{held['id']}/capture",
            {"amount": to_paypal(amount), "invoice_id": key, "final_capture": amount >= left},
            key=key,
        )
        return tuple(facts_of_order(self._order(handle)))

    def cancel(self, handle: PaymentHandle, key: str) -> tuple[PaymentFact, ...]:
        """Let go what is held; an order that was not taken is never taken from now on. Being too late is no error."""
        try:
            order = self._order(handle)
        except PayPalRefused as refusal:
            if refusal.is_unknown and handle.is_open:
                return (_ended(handle, "canceled", "expired"),)
            raise
        if order["status"] in WAITING:
            return (_ended(handle, "canceled", "canceled"),)
        held = [one for one in authorizations_of(order) if one["status"] in VOIDABLE]
        for one in held:
            self._void(str(one["id"]), key)
        return tuple(facts_of_order(self._order(handle) if held else order))

    def _void(self, name: str, key: str) -> None:
        """A refusal here means that it has ended already; what is true is asked right after."""
        try:
            self.api.post(f"/v2/payments/authorizations/{name}/void", {}, key=key)
        except PayPalRefused as refusal:
            if not refusal.is_about_payment:
                raise

    def refund(self, handle: PaymentHandle, request: RefundRequest) -> tuple[PaymentFact, ...]:
        """Give money back to where it came from. What an earlier try has given already is not given again."""
        order = self._order(handle)
        name, known = str(order["id"]), refunds_of(order)
        mine = [one for one in known if _is_for(one, request)]
        given = sum((from_paypal(one["amount"]) for one in mine), start=request.amount - request.amount)
        if given >= request.amount:
            return tuple(facts_of_refunds(mine, provider_ref=name))
        label = label_of(handle.payment_ref, request.refund_ref, request.amount)
        for part in parts_for(request.amount - given, captures_of(order), known):
            answer = self.api.post(
                f"/v2/payments/captures/{part.capture}/refund",
                {"amount": to_paypal(part.amount), "custom_id": label},
                key=f"{request.idempotency_key}-{part.capture}",
            )
            mine.append({"amount": to_paypal(part.amount), **answer, "custom_id": label})
        return tuple(facts_of_refunds(mine, provider_ref=name))

    def list_transactions(self, begin: datetime, end: datetime) -> Iterator[ProviderEntry]:
        """The account's transaction report, page by page. PayPal writes it up to three hours late."""
        for first, last in spans(begin.astimezone(UTC), end.astimezone(UTC)):
            for row in self._report(first, last):
                entry = entry_of(row)
                if entry is not None and first <= entry.created < last:
                    yield entry

    def _report(self, first: datetime, last: datetime) -> Iterator[Plain]:
        page, pages = 1, 1
        while page <= pages:
            answer = self.api.get("/v1/reporting/transactions", _span(first, last, page))
            rows: Sequence[Plain] = answer.get("transaction_details") or ()
            yield from rows
            page, pages = page + 1, int(answer.get("total_pages") or 1)

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookMessage:
        """A message PayPal says it sent."""
        return read_message(self.config, headers, body)


def _span(first: datetime, last: datetime, page: int) -> dict[str, str]:
    return {
        "start_date": first.isoformat(),
        "end_date": last.isoformat(),
        "fields": "transaction_info",
        "balance_affecting_records_only": "Y",
        "page_size": str(PAGE_SIZE),
        "page": str(page),
    }


def _is_as_agreed(order: Plain, handle: PaymentHandle) -> bool:
    """Amount, currency, our reference and the way of taking are what we stored before anybody was sent anywhere."""
    intent = "AUTHORIZE" if handle.manual_capture else "CAPTURE"
    ours = unit_of(order).get("custom_id") == str(handle.payment_ref) and len(order["purchase_units"]) == 1
    return ours and order.get("intent") == intent and agreed_amount(order) == handle.amount


def _is_for(refund: Mapping[str, Any], request: RefundRequest) -> bool:
    promise = promise_of(refund)
    return promise is not None and promise.refund_ref == request.refund_ref and refund["status"] not in UNDONE


def _ended(handle: PaymentHandle, kind: FactKind, code: str) -> PaymentFact:
    ref = handle.provider_ref
    return PaymentFact(kind, handle.amount, ref, ref, moment_of({}), code=code)
