"""Operators look at every message before anybody gets it, send one to themselves, and send failed ones again."""

from itertools import cycle

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry, ChannelState, Message, MessageWords
from core.notifications import deliver_due
from core.notifications.previewing import previewable
from members.models import User
from orders.models import Order
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order

pytestmark = pytest.mark.django_db


def clerk(*permissions: str) -> Client:
    user = User.objects.create_user("clerk@example.com", "a-long-password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


LANGUAGES = ("de", "ja", "ar")


def test_every_message_has_its_page(admin_client: Client) -> None:
    """In one language after the other: the page around a message is the same for all of them."""
    pages = [(kind.name, channel) for kind in previewable() for channel in kind.channels]
    for (kind, channel), language in zip(pages, cycle(LANGUAGES), strict=False):
        shown = admin_client.get(
            reverse("admin:console_mails"), {"kind": kind, "channel": channel, "language": language}
        )
        assert shown.status_code == 200, (kind, channel)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_shown_in_every_language(admin_client: Client, language: str) -> None:
    for kind in previewable():
        framed = admin_client.get(reverse("admin:console_mail_frame", args=[kind.name, language]))
        assert framed.status_code == 200
        assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in framed.content.decode()
        assert "sandbox" in framed["Content-Security-Policy"]


def test_a_test_goes_to_whoever_asks_and_nobody_else() -> None:
    client = clerk("preview_message")
    asked = {"kind": "parcel_delivered", "language": "de", "to": "somebody@example.com"}
    assert client.post(reverse("admin:console_mails"), asked).status_code == 302
    deliver_due()
    assert [one.to for one in mail.outbox] == [["clerk@example.com"]]
    assert AuditEntry.objects.filter(action="core.send_sample").count() == 1


def test_without_the_permission_nothing_is_shown_or_sent() -> None:
    client = clerk("view_message")
    assert client.get(reverse("admin:console_mails")).status_code == 403
    assert client.post(reverse("admin:console_mails"), {"kind": "parcel_delivered"}).status_code == 403
    assert client.get(reverse("admin:console_mail_frame", args=["parcel_delivered", "de"])).status_code == 403
    assert not Message.objects.exists()


def test_what_does_not_exist_is_not_shown(admin_client: Client) -> None:
    assert admin_client.get(reverse("admin:console_mail_frame", args=["nothing", "de"])).status_code == 404
    assert admin_client.get(reverse("admin:console_mail_frame", args=["parcel_delivered", "xx"])).status_code == 404
    assert admin_client.get(reverse("admin:console_mails"), {"kind": "nothing"}).status_code == 200


@pytest.mark.parametrize("may", [True, False])
def test_failed_messages_are_sent_again_by_whoever_may(may: bool) -> None:
    client = clerk("view_message", *(["retry_message"] if may else []))
    failed = Message.objects.create(
        dedupe_key="k", kind="order_shipped", recipient="a@example.com", language="de", subject="S", text="T",
        state=Message.State.FAILED,
    )  # fmt: skip
    client.post(reverse("admin:core_message_changelist"), {"action": "retry", "_selected_action": [failed.pk]})
    failed.refresh_from_db()
    assert failed.state == ("waiting" if may else "failed")


def test_a_channel_that_rests_is_asked_again(admin_client: Client) -> None:
    ChannelState.objects.create(channel="email", failures=9, open_until="2999-01-01T00:00:00Z")
    admin_client.post(
        reverse("admin:core_channelstate_changelist"), {"action": "ask_again", "_selected_action": ["email"]}
    )
    assert ChannelState.objects.get().open_until is None


def order_of_somebody() -> Order:
    market = open_shop()
    return paid_order(market, (item_in(market, names={"en": "Kesen kettle", "de": "Kesen-Kessel"}), 2))


def test_a_real_order_is_shown_to_whoever_may_see_orders_and_to_nobody_else() -> None:
    order = order_of_somebody()
    asked = {"kind": "order_confirmed", "order": order.number}
    framed = reverse("admin:console_mail_frame", args=["order_confirmed", order.language])
    may = clerk("preview_message", "view_order")
    page = may.get(reverse("admin:console_mails"), asked)
    assert page.status_code == 200
    name = order.lines.get().name
    assert name in page.content.decode()
    assert name in may.get(framed, {"order": order.number}).content.decode()

    User.objects.all().delete()
    may_not = clerk("preview_message")
    assert may_not.get(reverse("admin:console_mails"), asked).status_code == 403
    assert may_not.get(framed, {"order": order.number}).status_code == 403


@pytest.mark.parametrize("number", ["NO-SUCH", ""])
def test_without_such_an_order_the_sample_is_shown(admin_client: Client, number: str) -> None:
    page = admin_client.get(reverse("admin:console_mails"), {"kind": "order_confirmed", "order": number})
    assert page.status_code == 200
    assert "M-1042" in page.content.decode()


def save(client: Client, text: str, **more: str) -> HttpResponse:
    given = {
        "kind": "order_shipped", "channel": "email", "language": "de", "market": "", "order": "",
        "words": "signature", "signature-text": text, "signature-seen": "",
    }  # fmt: skip
    return client.post(reverse("admin:console_mails"), {**given, **more})  # type: ignore[return-value]


def test_a_signature_is_kept_shown_again_and_in_the_preview() -> None:
    client = clerk("preview_message", "change_messagewords")
    assert save(client, "Ihr Laden <b>").status_code == 302
    assert MessageWords.objects.get().text == "Ihr Laden <b>"
    page = client.get(reverse("admin:console_mails"), {"kind": "order_shipped", "language": "de"}).content.decode()
    assert page.count("Ihr Laden &lt;b&gt;") >= 2  # in the field and in the mail


def test_refused_words_are_shown_with_the_reason_and_not_kept() -> None:
    client = clerk("preview_message", "change_messagewords")
    answer = save(client, "{{ secret }}")
    assert answer.status_code == 422
    assert "{{ secret }}" in answer.content.decode()
    assert not MessageWords.objects.exists()


def test_words_need_their_permission_and_a_market_that_exists() -> None:
    assert save(clerk("preview_message"), "Ihr Laden").status_code == 403
    User.objects.all().delete()
    assert save(clerk("preview_message", "change_messagewords"), "X", market="xx").status_code == 404
    assert not MessageWords.objects.exists()
