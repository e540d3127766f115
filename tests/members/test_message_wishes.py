"""Members choose how they are told, for addresses that are proven to be theirs and no others."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from core.models import MessageWish
from core.notifications.kinds import ASKED, NECESSARY, PROGRESS
from core.notifications.wishes import listen, listening_anywhere, wishes_of
from members.models import User
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
PAGE = "/de/de/account/messages/"
EMAIL = "member@example.com"


@shared_world
def _market() -> None:
    small_world("de")


def member(*, proven: bool = True) -> Client:
    user = User.objects.create_user(EMAIL, "a long enough phrase")
    EmailAddress.objects.create(user=user, email=EMAIL, verified=proven, primary=True)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_what_is_not_ticked_is_not_wanted_and_necessary_mail_stays() -> None:
    client = member()
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE, {f"{PROGRESS}_email": "1"}).status_code == 302
    found = wishes_of(EMAIL)
    assert found[(PROGRESS, "email")] is True
    assert found[(ASKED, "email")] is False
    assert (NECESSARY, "email") not in found


def test_nobody_speaks_for_an_address_that_is_not_proven() -> None:
    client = member(proven=False)
    assert client.post(PAGE, {}).status_code == 200
    assert not MessageWish.objects.exists()


def test_strangers_are_asked_to_sign_in() -> None:
    assert Client().get(PAGE).status_code == 302
    assert Client().post(PAGE, {}).status_code == 302
    assert not MessageWish.objects.exists()


def test_every_browser_is_ended_at_once() -> None:
    client = member()
    for number in range(2):
        listen(
            email=EMAIL,
            endpoint=f"https://push.example.net/{number}",
            p256dh="B",
            auth="A",
            said="Yes.",
            reference="M-1",
        )
    assert client.get(PAGE).content.decode().count("push.example.net") == 2
    client.post(PAGE, {"browsers": "end"})
    assert listening_anywhere(EMAIL) == []
