"""Gift cards and store credit: what is on them, who may spend it, and what the ledger says."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from djmoney.money import Money

from core.limits import attempt
from payments.actions import expire_credit, give_store_credit, issue_card
from payments.actions.credit import (
    block_credit,
    cancel_cards,
    give_back,
    revive_cards,
    unblock_credit,
    withdraw_credit,
)
from payments.actions.credit_taking import CreditWish, take_credit
from payments.credit.codes import LENGTH, LETTERS, code_hash, new_code, plain_code
from payments.credit.holders import Holder, account_of_link, link_token
from payments.credit.planning import Purse, plan_shares
from payments.credit.queries import card_by_code, check_usable, usable_store_credit
from payments.errors import CardCurrency, CardEmpty, CardExpired, CodeUnknown, CreditGone, TooManyCodes
from payments.models import CreditAccount, CreditEntry, CreditTerm, LedgerEntry, Payment
from tests.payments.credit_world import broken, card, credit, eur

pytestmark = pytest.mark.django_db

CHECKS = ("B03", "B04", "B05", "B06", "B07", "B08", "L01", "L02", "L03")


def ledger(code: str) -> int:
    return int(LedgerEntry.objects.filter(account__code=code).aggregate(s=Sum("amount_minor"))["s"] or 0)


def test_a_code_has_eighty_bits_and_is_kept_as_a_hash_only() -> None:
    issued = card()
    plain = plain_code(issued.code)
    assert len(plain) == LENGTH
    assert set(plain) <= set(LETTERS)
    assert len(LETTERS) ** LENGTH == 2**80
    row = CreditAccount.objects.values().get(pk=issued.account.pk)
    assert plain not in str(row)
    assert issued.code not in str(row)
    assert row["last_four"] == plain[-4:]
    assert row["code_hash"] == code_hash(issued.code)


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code}\n"])
def test_a_code_is_found_however_it_is_typed(change) -> None:
    issued = card()
    assert card_by_code(change(issued.code), visitor="somebody") == issued.account


def test_letters_that_look_alike_are_taken_as_the_one_that_was_meant() -> None:
    assert plain_code("oil0-1111") == "01101111"


def test_issuing_owes_the_amount_and_the_same_source_issues_once() -> None:
    first = issue_card(amount=eur("30.00"), source="line/1#1", why="sold", market="de", language="de")
    again = issue_card(amount=eur("30.00"), source="line/1#1", why="sold", market="de", language="de")
    assert first is not None
    assert again is None
    assert CreditAccount.objects.get().balance == eur("30.00")
    assert (ledger("gift_card_liability"), ledger("customer_receivable")) == (-3000, 3000)
    assert not broken(*CHECKS)


def test_a_card_never_expires_unless_its_market_has_a_term() -> None:
    assert card().account.expires_on is None
    CreditTerm.objects.create(market="us", years=5, law="15 U.S.C. 1693l-1")
    dated = card(market="us").account
    assert dated.expires_on is not None
    assert dated.expires_on.year == timezone.localdate().year + 5


def test_an_order_takes_what_was_planned_from_each_account_and_each_is_a_payment() -> None:
    first, second, own = card("20.00").account, card("5.00").account, credit("10.00")
    wishes = [CreditWish(account_id=first.pk, minor=2000), CreditWish(account_id=second.pk, minor=500)]
    paid = take_credit(order_ref="MER-1", currency="EUR", wishes=[*wishes, CreditWish(account_id=own.pk, minor=1)])
    assert [(one.method, one.captured_minor, one.state) for one in paid] == [
        ("gift_card", 2000, "captured"),
        ("gift_card", 500, "captured"),
        ("store_credit", 1, "captured"),
    ]
    assert sorted(CreditAccount.objects.values_list("balance_minor", flat=True)) == [0, 0, 999]
    assert (ledger("gift_card_liability"), ledger("store_credit_liability"), ledger("psp_clearing")) == (0, -999, 0)
    assert not broken(*CHECKS)


@pytest.mark.parametrize("trouble", ["too much", "blocked", "expired", "currency", "unknown"])
def test_one_account_that_cannot_pay_leaves_all_as_they_were(trouble) -> None:
    good, bad = card("20.00").account, card("5.00").account
    minor, currency = 500, "EUR"
    if trouble == "too much":
        minor = 501
    elif trouble == "blocked":
        block_credit(account_id=bad.pk, reason="lost")
    elif trouble == "expired":
        CreditAccount.objects.filter(pk=bad.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    elif trouble == "currency":
        CreditAccount.objects.filter(pk=bad.pk).update(currency="CHF")
    wishes = [CreditWish(account_id=good.pk, minor=2000), CreditWish(account_id=bad.pk, minor=minor)]
    if trouble == "unknown":
        wishes[1] = CreditWish(account_id=bad.pk + 99, minor=1)
    with pytest.raises(CreditGone):
        take_credit(order_ref="MER-1", currency=currency, wishes=wishes)
    good.refresh_from_db()
    assert good.balance_minor == 2000
    assert not Payment.objects.exists()
    assert not CreditEntry.objects.filter(kind="spend").exists()


def test_the_database_itself_refuses_a_balance_below_nothing_and_above_what_was_put_in() -> None:
    account = card("5.00").account
    for minor in (-1, 501):
        with pytest.raises(IntegrityError), transaction.atomic():
            CreditAccount.objects.filter(pk=account.pk).update(balance_minor=minor)


def test_entries_are_never_changed() -> None:
    card()
    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        CreditEntry.objects.update(amount_minor=1)


def spent(amount: str = "20.00") -> CreditAccount:
    account = card(amount).account
    wish = CreditWish(account_id=account.pk, minor=account.balance_minor)
    take_credit(order_ref="MER-1", currency="EUR", wishes=[wish])
    account.refresh_from_db()
    return account


def test_what_is_given_back_is_given_once_per_cause() -> None:
    account = spent()
    for _again in range(2):
        give_back(account_id=account.pk, amount=eur("7.00"), ref=f"{Payment.objects.get().ref}:x", order_ref="MER-1")
    account.refresh_from_db()
    assert account.balance == eur("7.00")
    assert not broken("B03", "B04")


def test_money_that_comes_back_to_an_expired_card_can_be_spent_for_ninety_days() -> None:
    account = spent()
    CreditAccount.objects.filter(pk=account.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    assert expire_credit() == 1
    back = give_back(account_id=account.pk, amount=eur("7.00"), ref="p:1", order_ref="MER-1")
    assert (back.state, back.expires_on) == ("active", timezone.localdate() + timedelta(days=90))


def test_what_is_left_is_written_off_when_the_time_has_run_out() -> None:
    account = card("8.00").account
    assert expire_credit() == 0
    CreditAccount.objects.filter(pk=account.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    assert (expire_credit(), expire_credit()) == (1, 0)
    account.refresh_from_db()
    assert (account.state, account.balance_minor, ledger("credit_breakage")) == ("expired", 0, -800)
    assert not broken(*CHECKS)


def test_cancelled_cards_lose_what_is_left_and_get_it_again_when_it_was_for_nothing() -> None:
    account = card("8.00").account
    assert cancel_cards(account_ids=[account.pk], why="refunded", ref="R1") == eur("8.00")
    assert cancel_cards(account_ids=[account.pk], why="refunded", ref="R1") is None
    account.refresh_from_db()
    assert (account.state, account.balance_minor) == ("canceled", 0)
    for _again in range(2):
        revive_cards(account_ids=[account.pk], minor=800, why="refunded", ref="R1", order_ref="MER-1")
    account.refresh_from_db()
    assert (account.state, account.balance_minor) == ("active", 800)
    assert not broken(*CHECKS)


def test_blocking_withdrawing_and_giving_again() -> None:
    account = credit("8.00")
    block_credit(account_id=account.pk, reason="doubtful")
    assert not usable_store_credit(Holder(emails=("guest@example.com",)), currency="EUR")
    unblock_credit(account_id=account.pk, reason="cleared")
    withdraw_credit(account_id=account.pk, reason="given by mistake")
    again = give_store_credit(email="Guest@Example.com ", user_id=None, amount=eur("2.00"), ref="again", why="granted")
    assert again.pk == account.pk
    assert [one.balance for one in usable_store_credit(Holder(emails=("guest@example.com",)), currency="EUR")] == [
        eur("2.00")
    ]
    assert not broken(*CHECKS)


def test_store_credit_is_found_by_its_owner_and_by_its_link_only() -> None:
    account = credit("8.00")
    assert usable_store_credit(Holder(emails=("else@example.com",)), currency="EUR") == []
    assert usable_store_credit(Holder(), currency="EUR") == []
    assert usable_store_credit(Holder(opened=(account.pk,)), currency="USD") == []
    token = link_token(account.pk)
    assert account_of_link(token) == account.pk
    assert account_of_link(token[:-2] + "xx") is None
    assert usable_store_credit(Holder(opened=(account.pk,)), currency="EUR") == [account]


def test_a_blocked_a_cancelled_and_an_invented_code_get_one_answer() -> None:
    blocked, canceled = card(), card()
    block_credit(account_id=blocked.account.pk, reason="lost")
    cancel_cards(account_ids=[canceled.account.pk], why="granted", ref="x")
    answers = set()
    for code in (blocked.code, canceled.code, new_code(), "", "A"):
        with pytest.raises(CodeUnknown) as refused:
            card_by_code(code, visitor="one")
        answers.add(str(refused.value))
    assert len(answers) == 1


def test_what_a_right_code_cannot_pay_is_said_plainly() -> None:
    expired, empty, foreign = card().account, spent(), card().account
    CreditAccount.objects.filter(pk=expired.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    expired.refresh_from_db()
    for account, currency, refusal in (
        (expired, "EUR", CardExpired),
        (empty, "EUR", CardEmpty),
        (foreign, "JPY", CardCurrency),
    ):
        with pytest.raises(refusal):
            check_usable(account, currency=currency)


def test_ten_wrong_codes_an_hour_then_not_even_the_right_one_is_tried() -> None:
    issued = card()
    for _try in range(10):
        with pytest.raises(CodeUnknown):
            card_by_code(new_code(), visitor="guesser")
    with pytest.raises(TooManyCodes):
        card_by_code(issued.code, visitor="guesser")
    assert card_by_code(issued.code, visitor="somebody else") == issued.account
    assert attempt("gift-card-wrong", "right codes cost nothing", limit=1, seconds=3600)


def test_a_plan_takes_from_each_in_turn_up_to_the_total() -> None:
    plan = plan_shares([Purse(account_id=1, balance=300), Purse(account_id=2, balance=900)], total=500, most=500)
    assert [(one.account_id, one.minor, one.left) for one in plan] == [(1, 300, 0), (2, 200, 700)]


def test_what_is_left_can_be_charged_in_the_steps_of_its_currency() -> None:
    plan = plan_shares([Purse(account_id=1, balance=8303)], total=10000, most=10000, step=10)
    assert (10000 - plan[0].minor) % 10 == 0
    assert plan[0].minor == 8300


def test_another_currency_keeps_its_own_digits() -> None:
    issued = issue_card(amount=Money(500, "JPY"), source="yen", why="granted", market="jp", language="ja")
    assert issued is not None
    assert issued.account.balance_minor == 500
    assert issued.account.balance == Money(500, "JPY")
