"""Operators and their second factor: set up with an app, asked for at sign-in, and before the admin opens."""

import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from members.models import User
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough phrase"
SIGN_IN = "/de/en/account/login/"


@pytest.fixture(autouse=True)
def _asked(settings: Any) -> None:
    small_world("de")
    settings.STAFF_SECOND_FACTOR = True


def person(*, is_staff: bool = True) -> User:
    user = User.objects.create_user("operator@example.com", PASSWORD, is_staff=is_staff, is_superuser=is_staff)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def with_app(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def sign_in(client: Client) -> Any:
    return client.post(f"{SIGN_IN}?next=/admin/", {"login": "operator@example.com", "password": PASSWORD})


def say_password_again(client: Client) -> None:
    page = client.get("/de/en/account/2fa/totp/activate/", follow=True)
    assert "Is it you?" in page.content.decode()
    client.post(page.redirect_chain[-1][0], {"password": PASSWORD})


def test_the_admin_sends_a_stranger_to_the_accounts_sign_in_and_back(client: Client) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/de/en/account/login/?next=%2Fadmin%2F")


def test_with_the_code_of_the_app_the_admin_opens(client: Client) -> None:
    secret = with_app(person())

    second = sign_in(client)
    assert second["Location"].startswith("/de/en/account/2fa/authenticate/")
    assert client.get("/admin/").status_code == 302
    page = client.get(second["Location"]).content.decode()
    assert "Second step" in page
    wrong = client.post(second["Location"], {"code": "000000"})
    assert wrong.status_code == 200
    done = client.post(second["Location"], {"code": code_of(secret)})

    assert done["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_recovery_code_opens_once(client: Client) -> None:
    user = person()
    with_app(user)
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()

    second = sign_in(client)
    assert client.post(second["Location"], {"code": codes[0]})["Location"] == "/admin/"
    client.logout()
    again = sign_in(client)

    assert client.post(again["Location"], {"code": codes[0]}).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_without_a_second_factor_an_operator_is_led_to_set_one_up_and_then_let_in(client: Client) -> None:
    person()
    sign_in(client)

    chain = client.get("/admin/", follow=True)
    assert chain.redirect_chain[-1][0].startswith("/de/en/account/2fa/?next=")
    assert "Two-step sign-in" in chain.content.decode()
    say_password_again(client)
    form = client.get("/de/en/account/2fa/totp/activate/")
    assert form.status_code == 200
    assert "data:image/svg" in form.content.decode()
    secret = form.context["form"].secret
    client.post("/de/en/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert Authenticator.objects.filter(type="totp").count() == 1
    assert Authenticator.objects.filter(type="recovery_codes").count() == 1

    asked = client.get("/admin/", follow=True)
    assert asked.redirect_chain[-1][0].startswith("/de/en/account/2fa/reauthenticate/")
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    client.post(asked.redirect_chain[-1][0], {"code": recovery, "next": "/admin/"})
    assert client.get("/admin/").status_code == 200


def test_a_session_that_has_shown_only_the_password_does_not_open_the_admin(client: Client) -> None:
    user = person()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    with_app(user)
    for path in ("/admin/", "/admin/orders/order/", "/admin/tables/", "/admin/members/user/"):
        assert client.get(path).status_code == 302, path


def test_a_shopper_with_a_second_factor_is_no_operator(client: Client) -> None:
    secret = with_app(person(is_staff=False))
    second = sign_in(client)
    client.post(second["Location"], {"code": code_of(secret)})
    assert client.get("/admin/").status_code == 302


def test_a_new_password_by_mail_does_not_get_around_the_second_step(client: Client) -> None:
    user = person()
    with_app(user)
    client.post("/de/en/account/login/code/", {"email": user.email})
    assert "_auth_user_id" not in client.session


def test_where_it_is_not_asked_for_the_admins_own_form_lets_in(client: Client, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = False
    person()
    client.post("/admin/login/?next=/admin/", {"username": "operator@example.com", "password": PASSWORD})
    assert client.get("/admin/").status_code == 200


def test_codes_can_be_shown_made_anew_and_the_app_turned_off(client: Client) -> None:
    secret = with_app(person())
    second = sign_in(client)
    client.post(second["Location"], {"code": code_of(secret)})

    assert "Make new ones" in client.get("/de/en/account/2fa/").content.decode()
    asked = client.get("/de/en/account/2fa/recovery-codes/")
    client.post(asked["Location"], {"password": PASSWORD})
    shown = client.get("/de/en/account/2fa/recovery-codes/").content.decode()
    before = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert before[0] in shown
    assert client.get("/de/en/account/2fa/recovery-codes/generate/").status_code == 200
    client.post("/de/en/account/2fa/recovery-codes/generate/")
    assert Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes() != before
    assert client.get("/de/en/account/2fa/totp/deactivate/").status_code == 200
    client.post("/de/en/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert client.get("/admin/").status_code == 302
