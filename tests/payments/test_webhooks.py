"""The inbox: signed, kept once, answered at once, acted on once."""

import json
import threading
import time
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test import Client
from djmoney.money import Money

from payments.actions import process_inbox, process_webhook, record_webhook, refresh_payment, settling
from payments.errors import BadWebhook
from payments.models import LedgerTxn, PaymentEvent, PaymentTransaction
from payments.models.payment import PaymentQuerySet
from payments.providers.sandbox.delivery import body_of
from payments.providers.sandbox.signing import HEADER, sign
from tests.factories.payments import charge_of, choose_at_sandbox, started
from tests.payments.stripe_world import at_stripe, stripe
from tests.standins import stripe_objects
from tests.standins.stripe_double import signature

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def message() -> bytes:
    payment = started()
    choose_at_sandbox(payment, "succeed")
    return body_of(charge_of(payment).webhooks.get())


def door(body: bytes, header: str, *, provider: str = "sandbox", name: str = HEADER) -> int:
    return (
        Client(enforce_csrf_checks=True)
        .post(f"/webhooks/{provider}/", data=body, content_type="application/json", headers={name: header})
        .status_code
    )


def test_a_signed_message_is_kept_once_however_often_it_comes(message) -> None:
    assert [door(message, sign(message)) for _ in range(3)] == [200, 200, 200]
    assert PaymentEvent.objects.count() == 1
    assert process_inbox() == 1
    assert process_inbox() == 0
    assert PaymentTransaction.objects.filter(kind="captured").count() == 1


@pytest.mark.parametrize("header", ["", "t=1,v1=", "v1=abc", "t=x,v1=abc", "t=²,v1=abc", "nonsense"])
def test_an_unsigned_message_is_refused_and_leaves_nothing(message, header) -> None:
    assert door(message, header) == 400
    assert PaymentEvent.objects.count() == 0


def test_a_changed_message_is_refused(message) -> None:
    assert door(message.replace(b"succeeded", b"suceeeded"), sign(message)) == 400


def test_an_old_message_is_refused_even_with_a_good_signature(message) -> None:
    assert door(message, sign(message, at=int(time.time()) - 301)) == 400
    assert door(message, sign(message, at=int(time.time()) - 290)) == 200


def test_another_shops_key_does_not_sign_for_us_but_our_older_one_does(message, settings) -> None:
    header = sign(message)
    older, settings.SECRET_KEY = settings.SECRET_KEY, "another key"
    assert door(message, header) == 400
    settings.SECRET_KEY_FALLBACKS = [older]
    assert door(message, header) == 200


def test_a_signed_message_that_makes_no_sense_is_refused() -> None:
    for body in (b"[]", b"{", b'{"id": 1}', json.dumps({"id": "x", "type": "y", "payment_ref": "no"}).encode()):
        assert door(body, sign(body)) == 400
    assert PaymentEvent.objects.count() == 0


def test_messages_are_only_taken_by_post_and_only_from_known_providers(message) -> None:
    assert Client().get("/webhooks/sandbox/").status_code == 405
    assert door(message, sign(message), provider="unheard-of") == 404


def test_the_message_itself_is_never_believed() -> None:
    payment = started()
    choose_at_sandbox(payment, "decline")
    body = body_of(charge_of(payment).webhooks.get()).replace(b"charge.failed", b"charge.succeeded")
    assert door(body, sign(body)) == 200
    process_inbox()
    payment.refresh_from_db()
    assert payment.state == "failed"


def test_a_message_replayed_after_the_inbox_was_emptied_books_nothing_again(message) -> None:
    door(message, sign(message))
    process_inbox()
    PaymentEvent.objects.all().delete()
    door(message, sign(message))
    process_inbox()
    assert LedgerTxn.objects.filter(kind="capture").count() == 1


# --- Stripe's signatures --------------------------------------------------------------------------------------------


def stripe_event(stripe, **changes: object) -> bytes:
    payment = at_stripe()
    event = stripe_objects.event("checkout.session.completed", stripe.books.find(payment.provider_ref))
    return json.dumps(event | changes).encode()


def test_both_secrets_are_good_while_one_replaces_the_other(stripe) -> None:
    body = stripe_event(stripe)
    for secret, status in (("whsec_older", 200), ("whsec_of_the_stand_in", 200), ("whsec_of_somebody", 400), ("", 400)):
        assert door(body, signature(body, secret=secret), provider="stripe", name="Stripe-Signature") == status


def test_stripes_old_and_changed_messages_are_refused(stripe) -> None:
    body = stripe_event(stripe)
    old = signature(body, at=int(time.time()) - 400)
    assert door(body, old, provider="stripe", name="Stripe-Signature") == 400
    assert door(body + b" ", signature(body), provider="stripe", name="Stripe-Signature") == 400


def test_a_live_message_at_a_test_shop_is_refused(stripe) -> None:
    body = stripe_event(stripe, livemode=True)
    assert door(body, signature(body), provider="stripe", name="Stripe-Signature") == 400
    assert PaymentEvent.objects.count() == 0


def test_without_any_secret_nothing_is_taken(stripe, settings) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = [""]
    body = stripe_event(stripe)
    with pytest.raises(BadWebhook):
        record_webhook(provider="stripe", headers={"Stripe-Signature": signature(body, secret="")}, body=body)


def test_what_is_kept_of_a_message_names_no_person(stripe) -> None:
    body = stripe_event(stripe)
    door(body, signature(body), provider="stripe", name="Stripe-Signature")
    assert "shopper@example.com" in body.decode()
    assert "shopper@example.com" not in str(PaymentEvent.objects.get().payload)


# --- the race -------------------------------------------------------------------------------------------------------


def at_once(act: Callable[[], object], workers: int = 6) -> None:
    """Several workers do the same at the same moment, each on a connection of their own."""
    start = threading.Barrier(workers)

    def work() -> None:
        try:
            start.wait(timeout=10)
            act()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)


@pytest.mark.django_db(transaction=True)
def test_workers_that_act_at_the_same_moment_book_once(message) -> None:
    event = record_webhook(provider="sandbox", headers={HEADER: sign(message)}, body=message)

    def act() -> None:
        process_webhook(event_pk=event.pk)
        refresh_payment(payment_ref=UUID(str(event.payment_ref)))

    at_once(act)
    assert PaymentTransaction.objects.filter(kind="captured").count() == 1
    assert LedgerTxn.objects.filter(kind="capture").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_unique_fact_the_same_workers_book_twice(message, monkeypatch) -> None:
    """The control: take both guards away and the same race must go wrong."""
    event = record_webhook(provider="sandbox", headers={HEADER: sign(message)}, body=message)
    meet, seen, original = threading.Barrier(6), threading.local(), settling.to_minor

    def between_look_and_write(amount: Money) -> int:
        if not getattr(seen, "once", False):
            seen.once = True
            meet.wait(timeout=10)
        return original(amount)

    monkeypatch.setattr(PaymentQuerySet, "lock", lambda self, **options: self.order_by("pk"))
    monkeypatch.setattr(settling, "to_minor", between_look_and_write)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_paymenttransaction DROP CONSTRAINT payment_fact_once")
    try:
        at_once(lambda: refresh_payment(payment_ref=UUID(str(event.payment_ref))))
        assert PaymentTransaction.objects.filter(kind="captured").count() > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE payments_paymenttransaction, payments_paymentexception CASCADE")
            cursor.execute(
                "ALTER TABLE payments_paymenttransaction"
                " ADD CONSTRAINT payment_fact_once UNIQUE (payment_id, kind, fact_ref)"
            )
