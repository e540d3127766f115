"""PayPal's messages: verified by PayPal on the bytes as they came; what does not come from there is refused."""

import json

import pytest

from payments.errors import BadWebhook
from payments.models import PaymentEvent
from payments.providers.paypal.config import paypal_config
from payments.providers.paypal.webhooks import is_own_address
from payments.providers.registry import provider_named
from payments.views import MOST_REFUSED
from tests.payments.paypal_world import at_paypal, paid_at_paypal, paypal, post, told
from tests.standins.paypal_double import signed

__all__ = ["paypal"]
pytestmark = pytest.mark.django_db
VERIFY = "/v1/notifications/verify-webhook-signature"


@pytest.fixture
def message(paypal) -> bytes:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    body = json.dumps(paypal.books.messages.pop(), ensure_ascii=False).encode()
    paypal.books.calls.clear()
    return body


def test_a_message_paypal_sent_is_kept_once_and_names_no_person(paypal, message) -> None:
    assert [post(message, signed(message)) for _ in range(3)] == [200, 200, 200]
    event = PaymentEvent.objects.get()
    assert (event.kind, event.payload["object"]) == ("CHECKOUT.ORDER.APPROVED", "checkout-order")
    assert "payer@example.com" in message.decode()
    assert "payer@example.com" not in str(event.payload)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace(b"APPROVED", b"COMPLETED"),
        lambda body: body + b" ",
        lambda body: json.dumps(json.loads(body)).encode(),
    ],
)
def test_a_message_that_is_not_the_one_signed_is_refused(paypal, message, change, caplog) -> None:
    headers = signed(message)
    assert change(message) != message
    assert post(change(message), headers) == 400
    assert PaymentEvent.objects.count() == 0
    assert "whose signature PayPal does not know" in caplog.text


@pytest.mark.parametrize("first", ["+", "/"])
def test_a_signature_may_begin_with_any_sign_of_base64(paypal, message, first) -> None:
    assert post(message, signed(message, first=first)) == 200
    paypal.complaints.clear()  # PayPal's description is narrower than its own signatures


def test_a_message_for_another_webhook_is_refused(paypal, message) -> None:
    assert post(message, signed(message, webhook="8WB00000000000000")) == 400


@pytest.mark.parametrize(
    "header",
    [
        "PAYPAL-AUTH-ALGO",
        "PAYPAL-CERT-URL",
        "PAYPAL-TRANSMISSION-ID",
        "PAYPAL-TRANSMISSION-SIG",
        "PAYPAL-TRANSMISSION-TIME",
    ],
)
@pytest.mark.parametrize("value", ["", '", "webhook_id": "mine', "x" * 600])
def test_a_message_with_a_header_missing_or_misshapen_is_refused_unasked(paypal, message, header, value) -> None:
    assert post(message, signed(message) | {header: value}) == 400
    assert paypal.books.calls == []


@pytest.mark.parametrize(
    "place",
    [
        "http://api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.sandbox.paypal.com.example.org/CERT-1",
        "https://api.sandbox.paypal.com@example.org/CERT-1",
        "https://user:word@api.sandbox.paypal.com/CERT-1",
        "https://api.sandbox.paypal.com:8443/CERT-1",
        "https://example.org\\@api.sandbox.paypal.com/CERT-1",
        "https://[::ffff:127.0.0.1]/CERT-1",
        "https://169.254.169.254/latest/meta-data/",
        "https://[broken",
        "file:///etc/passwd",
    ],
)
def test_a_certificate_elsewhere_is_neither_fetched_nor_asked_about(paypal, message, place) -> None:
    assert post(message, signed(message, certificate=place)) == 400
    assert paypal.books.calls == []
    assert PaymentEvent.objects.count() == 0


def test_a_certificate_at_paypal_is_not_fetched_either(paypal, message) -> None:
    assert post(message, signed(message)) == 200
    assert [call[1] for call in paypal.books.calls] == [VERIFY]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{}, "webhook_id": "mine"', b'{"id": 1}', b"\xff\xfe", b"{" + b'"a":' * 9000],
)
def test_what_is_not_one_message_is_refused(paypal, body) -> None:
    assert post(body, signed(body)) == 400
    assert PaymentEvent.objects.count() == 0


def test_a_message_of_paypals_other_world_is_refused(paypal, message, caplog) -> None:
    live = message.replace(b"https://api.sandbox.paypal.com", b"https://api.paypal.com")
    assert post(live, signed(live)) == 400
    assert "other world" in caplog.text


def test_while_paypal_cannot_be_asked_the_message_is_sent_back_to_come_again(paypal, message) -> None:
    paypal.books.fail_next_with = [500]
    assert post(message, signed(message)) == 503
    assert PaymentEvent.objects.count() == 0
    assert post(message, signed(message)) == 200


@pytest.mark.parametrize("name", ["PAYPAL_WEBHOOK_ID", "PAYPAL_CLIENT_ID", "PAYPAL_CLIENT_SECRET"])
def test_without_everything_set_up_no_message_is_taken_and_nothing_offered(paypal, message, settings, name) -> None:
    setattr(settings, name, "")
    with pytest.raises(BadWebhook):
        provider_named("paypal").parse_webhook(signed(message), message)
    assert not provider_named("paypal").offer.enabled


def test_messages_about_other_things_are_kept_and_ignored(paypal) -> None:
    paypal.books.tell("BILLING.PLAN.CREATED", "plan", {"id": "P-1", "status": "ACTIVE"})
    assert paypal.deliver(post) == 1
    assert PaymentEvent.objects.get().state == "ignored"


def test_a_refund_or_dispute_told_before_anything_else_finds_its_payment(paypal) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    paypal.books.capture_order(payment.provider_ref)
    capture = paypal.books.captures_of(payment.provider_ref)[0]
    paypal.books.messages.clear()
    paypal.books.dispute(capture, {"currency_code": "EUR", "value": "9.90"})
    paypal.books.refund_capture(capture["id"], {"amount": {"currency_code": "EUR", "value": "10.00"}})
    told(paypal, payment)
    assert (payment.captured_minor, payment.disputed_minor, payment.refunded_minor) == (4990, 990, 1000)


def test_a_dispute_without_our_label_is_found_by_what_it_is_about(paypal) -> None:
    payment = paid_at_paypal(paypal)
    dispute = paypal.books.dispute(paypal.books.captures_of(payment.provider_ref)[0])
    del dispute["disputed_transactions"][0]["custom"]
    del paypal.books.messages[-1]["resource"]["disputed_transactions"][0]["custom"]
    assert told(paypal, payment).state == "disputed"


def test_addresses_of_the_other_world_are_foreign(settings) -> None:
    settings.PAYPAL_MODE = "live"
    assert is_own_address(paypal_config(), "https://api.paypal.com/v1/notifications/certs/CERT-1")
    assert not is_own_address(paypal_config(), "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1")


def test_whoever_sends_refused_messages_again_and_again_costs_paypal_no_more_questions(paypal, message, caplog) -> None:
    false = message.replace(b"APPROVED", b"COMPLETED")
    answers = [post(false, signed(message)) for _ in range(MOST_REFUSED + 5)]
    assert answers == [400] * MOST_REFUSED + [429] * 5
    assert sum(VERIFY in str(call) for call in paypal.books.calls) == MOST_REFUSED
    assert PaymentEvent.objects.count() == 0


def test_messages_that_are_good_do_not_count(paypal, message) -> None:
    assert {post(message, signed(message)) for _ in range(MOST_REFUSED + 5)} == {200}
