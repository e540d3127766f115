"""Accounts: signing up and in by email, with a password or with an emailed code."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from members.models import User
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough phrase"
SIGN_IN, SIGN_UP = "/de/de/account/login/", "/de/de/account/signup/"


@shared_world
def _market() -> None:
    small_world("de")


def code_in(text: str) -> str:
    found = re.search(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]+)*)\s*$", text, re.MULTILINE)
    assert found, text
    return found[1]


def signed_in_as(client: Client) -> str | None:
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).email if pk else None


def test_an_account_is_made_with_an_email_address_and_proven_with_a_code(client: Client) -> None:
    answer = client.post(SIGN_UP, {"email": "New@Example.com", "password1": PASSWORD})
    assert answer.status_code == 302
    assert signed_in_as(client) is None
    answer = client.post(answer["Location"], {"code": code_in(str(mail.outbox[0].body))})
    assert answer.status_code == 302
    assert (signed_in_as(client) or "").lower() == "new@example.com"


def test_a_password_signs_in_whatever_the_case_of_the_address(client: Client) -> None:
    account("known@example.com")
    client.post(SIGN_IN, {"login": "Known@Example.COM", "password": PASSWORD})
    assert signed_in_as(client) == "known@example.com"


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(client: Client) -> None:
    account("known@example.com")
    told = []
    for email in ("known@example.com", "stranger@example.com"):
        answer = client.post(SIGN_IN, {"login": email, "password": "wrong"})
        told.append(re.sub(r'value="[^"]*"', "", answer.content.decode()))
        assert signed_in_as(client) is None
    assert told[0] == told[1]


def test_a_code_by_mail_signs_in_without_a_password(client: Client) -> None:
    account("known@example.com")
    answer = client.post("/de/de/account/login/code/", {"email": "known@example.com"})
    assert answer.status_code == 302
    client.post(answer["Location"], {"code": code_in(str(mail.outbox[-1].body))})
    assert signed_in_as(client) == "known@example.com"


def test_two_accounts_never_share_an_address() -> None:
    account("known@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="KNOWN@example.com")


@pytest.mark.parametrize("language", ["de", "ja", "ar"])
def test_the_sign_in_page_speaks_the_readers_language(client: Client, language: str) -> None:
    page = client.get(f"/de/{language}/account/login/").content.decode()
    assert f'lang="{language}"' in page
    assert ('dir="rtl"' in page) is (language == "ar")


def account(email: str) -> User:
    """A proven account."""
    user = User.objects.create_user(email, PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def test_the_sign_in_form_refers_to_no_hint_that_is_not_there(client: Client) -> None:
    page = client.get(SIGN_IN).content.decode()
    described = set(re.findall(r'aria-describedby="([^"]+)"', page))
    assert described <= set(re.findall(r'id="([^"]+)"', page))
    assert '_helptext"></span>' not in re.sub(r"\s+</span>", "</span>", page)


def test_trying_too_often_is_refused_on_a_page_of_the_shop(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    client.post(SIGN_UP, {"email": "first@example.com", "password1": PASSWORD})
    answer = client.post(SIGN_UP, {"email": "second@example.com", "password1": PASSWORD})
    assert answer.status_code == 429
    assert '<html lang="de"' in answer.content.decode()
    assert not User.objects.filter(email="second@example.com").exists()
