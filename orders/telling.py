"""What an order's page offers about messages: by mail, text message and in this browser. The words are the consent."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.notifications.channels import EMAIL, SMS, channels
from core.notifications.kinds import NECESSARY, PROGRESS
from core.notifications.push import public_key
from core.notifications.wishes import listen, listening, say_wish, stop_listening, wants, wishes_of
from markets.postal import format_phone, normalize_phone
from orders.models import Order
from orders.types import Told

WORKER = "js/push-worker.js"


def told_of(order: Order, *, order_url: str) -> Told:
    """How the reader of an order is told about it."""
    wishes = wishes_of(order.email)
    key = public_key()
    phone = phone_of(order) if SMS in channels() else ""
    return Told(
        email=order.email,
        phone=phone,
        sms=wants(wishes, topic=PROGRESS, channel=SMS),
        parcels=wants(wishes, topic=PROGRESS, channel=EMAIL),
        sms_sentence=sms_sentence(order) if phone else "",
        push_sentence=push_sentence(),
        public_key=key,
        followed=" ".join(row.endpoint_hash for row in listening(order.email, reference=order.number)) if key else "",
        worker_url=f"{settings.STATIC_URL}{WORKER}",
        action_url=f"{order_url}messages/",
        browser_url=f"{order_url}messages/browser/",
    )


def phone_of(order: Order) -> str:
    """The order's number as E.164; empty when none was given, or what was given cannot be one."""
    return normalize_phone(order.phone, order.addresses["ship"]["country"]) or "" if order.phone else ""


def sms_sentence(order: Order) -> str:
    """What whoever ticks the box agrees to."""
    shown = format_phone(phone_of(order), order.addresses["ship"]["country"])
    return _("Send me text messages about my orders to %(phone)s. I can end this here at any time.") % {"phone": shown}


def push_sentence() -> str:
    """What whoever presses the button agrees to."""
    return _("This browser shows you the steps of this order, also when our page is closed. You can end it here.")


def choose_messages(order: Order, *, sms: bool, parcels: bool) -> None:
    """Write down the two boxes. Text messages are about everything the mails are about."""
    say_wish(email=order.email, topic=PROGRESS, channel=EMAIL, is_wanted=parcels)
    said = sms_sentence(order) if sms and phone_of(order) else ""
    for topic in (NECESSARY, PROGRESS):
        say_wish(email=order.email, topic=topic, channel=SMS, is_wanted=bool(said), said=said)


def listen_to(order: Order, subscription: dict[str, Any]) -> None:
    """This browser follows this order. The values were checked for their shape."""
    listen(email=order.email, reference=order.number, said=push_sentence(), **subscription)


def stop_in(order: Order, *, endpoint: str) -> int:
    """This browser follows nothing of this person any more."""
    return stop_listening(email=order.email, endpoint=endpoint)
