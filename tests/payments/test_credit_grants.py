"""What operators give: reasons, limits, second persons, and who may."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from core import audit
from core.models import AuditEntry, Message
from core.outbox import drain
from members.models import User
from payments.actions.credit_grants import Recipient, approve_grant, ask_grant, refuse_grant
from payments.errors import CreditReasonMissing, GrantDecided, NothingToPay, SecondPersonNeeded
from payments.models import CreditAccount, CreditGrant, CreditLimit
from tests.factories.markets import small_world
from tests.payments.credit_world import broken, card, eur
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db

TO = Recipient(email="shopper@example.com", market="de", language="de")


def operator(name: str, *permissions: str) -> User:
    user = User.objects.create_user(email=f"{name}@example.com", password="not-a-secret-at-all", is_staff=True)
    for label in permissions:
        app, _, code = label.partition(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=code))
    return user


def ask(kind: str, amount: str, user: User, *, key: str = "k", reason: str = "Late parcel") -> CreditGrant:
    with audit.acting_as(user.pk, str(user.pk)):
        return ask_grant(kind=kind, amount=eur(amount), to=TO, reason=reason, key=key, user_id=None)


@shared_world
def _world() -> None:
    small_world("de")
    CreditLimit.objects.create(currency="EUR", alone_minor=5000)


@pytest.mark.parametrize("kind", ["gift_card", "store_credit"])
def test_up_to_the_limit_it_is_given_at_once_and_told_once(kind: str) -> None:
    one = operator("one")
    grant = ask(kind, "50.00", one)
    assert ask(kind, "50.00", one) == grant
    assert grant.state == "given"
    assert CreditAccount.objects.get().balance == eur("50.00")
    for _again in range(2):
        drain(limit=50)
    assert Message.objects.get().recipient == TO.email
    assert AuditEntry.objects.get(action="payments.ask_grant").reason == "Late parcel"
    assert not broken("B03", "B04", "L01")


def test_above_the_limit_a_second_person_has_to_agree() -> None:
    one, two = operator("one"), operator("two")
    grant = ask("gift_card", "50.01", one)
    assert not CreditAccount.objects.exists()
    with audit.acting_as(one.pk, "one"), pytest.raises(SecondPersonNeeded):
        approve_grant(grant_id=grant.pk, user_id=None)
    with audit.acting_as(two.pk, "two"):
        given = approve_grant(grant_id=grant.pk, user_id=None)
        with pytest.raises(GrantDecided):
            approve_grant(grant_id=grant.pk, user_id=None)
    assert (given.state, given.decided_by_id) == ("given", two.pk)
    assert CreditAccount.objects.get().balance == eur("50.01")


def test_an_unknown_limit_is_none() -> None:
    CreditLimit.objects.all().delete()
    assert ask("store_credit", "0.01", operator("one")).state == "asked"
    assert not CreditAccount.objects.exists()


def test_refused_it_is_not_given() -> None:
    grant = ask("store_credit", "99.00", operator("one"))
    refuse_grant(grant_id=grant.pk, reason="No parcel was late")
    grant.refresh_from_db()
    assert (grant.state, CreditAccount.objects.exists()) == ("refused", False)


def test_nobody_gives_nothing_or_without_a_reason() -> None:
    one = operator("one")
    with pytest.raises(CreditReasonMissing):
        ask("gift_card", "5.00", one, reason=" ")
    with pytest.raises(NothingToPay):
        ask("gift_card", "0.00", one)
    assert not CreditGrant.objects.exists()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_form_gives_and_its_repeat_gives_nothing_more() -> None:
    from markets.models import Market

    client = signed_in(operator("one", "payments.add_creditgrant", "payments.view_creditgrant"))
    url = reverse("admin:payments_creditgrant_give")
    assert client.get(url).status_code == 200
    typed = {
        "key": "once",
        "kind": "gift_card",
        "market": Market.objects.get(code="de").pk,
        "amount": "20.00",
        "email": TO.email,
        "reason": "Sorry",
    }
    for _again in range(2):
        assert client.post(url, typed).status_code == 302
    assert CreditAccount.objects.get().balance == eur("20.00")
    assert client.get(reverse("admin:payments_creditgrant_changelist")).status_code == 200


@pytest.mark.parametrize(
    ("permissions", "status"),
    [((), 403), (("payments.view_giftcard",), 403), (("payments.view_giftcard", "payments.block_creditaccount"), 302)],
)
def test_only_whoever_may_block_blocks(permissions: tuple[str, ...], status: int) -> None:
    account = card().account
    client = signed_in(operator("one", *permissions))
    answer = client.post(reverse("admin:payments_giftcard_block", args=[account.pk]), {"reason": "Lost"})
    account.refresh_from_db()
    assert answer.status_code == status
    assert account.state == ("blocked" if status == 302 else "active")


def test_the_page_of_a_card_shows_its_movements_and_not_its_code() -> None:
    issued = card()
    client = signed_in(operator("one", "payments.view_giftcard"))
    shown = client.get(reverse("admin:payments_giftcard_change", args=[issued.account.pk]))
    assert shown.status_code == 200
    text = shown.content.decode()
    assert issued.account.last_four in text
    assert issued.code not in text
    assert issued.account.code_hash not in text
    assert client.get(reverse("admin:payments_giftcard_changelist")).status_code == 200
