"""What operators do about gift cards and store credit: small forms, one action each."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.admin import Operation
from core.money import round_half_up
from markets.models import Market
from payments.actions.credit import block_credit, unblock_credit, withdraw_credit
from payments.actions.credit_grants import Recipient, approve_grant, ask_grant, refuse_grant
from payments.models import GRANTED_KINDS, CreditGrant, GiftCard, StoreCredit
from payments.operations import NoQuestions, PaymentOperationView, ReasonForm


class GiveForm(forms.Form):
    """What is given to whom, and why. Currency and language are those of the market."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(one.value, one.label) for one in GRANTED_KINDS])
    market = forms.ModelChoiceField(
        label=_("Market"),
        queryset=Market.objects.order_by("code"),
        help_text=_("The amount is in its currency, the message in its language."),
    )
    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=19, decimal_places=4)
    email = forms.EmailField(label=_("Email of the person"), max_length=254)
    reason = forms.CharField(label=_("Reason"), max_length=200)


def _give(_target: models.Model, answers: dict[str, Any]) -> None:
    market: Market = answers["market"]
    ask_grant(
        kind=answers["kind"],
        amount=round_half_up(answers["amount"], market.currency_id),
        to=Recipient(email=answers["email"], market=market.code, language=market.default_language),
        reason=answers["reason"],
        key=f"admin:{answers['key']}",
        user_id=None,
    )


def _first(_target: models.Model) -> dict[str, Any]:
    return {"key": str(uuid4())}


def _approve(target: models.Model, answers: dict[str, Any]) -> None:
    approve_grant(grant_id=int(target.pk), user_id=None)


def _refuse(target: models.Model, answers: dict[str, Any]) -> None:
    refuse_grant(grant_id=int(target.pk), reason=answers["reason"])


def _block(target: models.Model, answers: dict[str, Any]) -> None:
    block_credit(account_id=int(target.pk), reason=answers["reason"])


def _unblock(target: models.Model, answers: dict[str, Any]) -> None:
    unblock_credit(account_id=int(target.pk), reason=answers["reason"])


def _withdraw(target: models.Model, answers: dict[str, Any]) -> None:
    withdraw_credit(account_id=int(target.pk), reason=answers["reason"])


class GiveView(PaymentOperationView):
    """Give, or ask a second person."""

    model = CreditGrant
    operation = Operation(
        name="give",
        permission="payments.add_creditgrant",
        title=_("Give a gift card or store credit"),
        done=_("It is given, or waits for a second person. The list shows which."),
        form=GiveForm,
        act=_give,
        warning=_("The person is told by email. Above the limit of the currency a second person has to agree first."),
        initial=_first,
        is_costly=True,
    )

    def target(self) -> models.Model:
        """Something that does not exist yet."""
        return CreditGrant(amount_minor=0, currency="EUR")

    def back(self, target: models.Model) -> str:
        """The list."""
        return reverse("admin:payments_creditgrant_changelist")


class ApproveView(PaymentOperationView):
    """Agree."""

    model = CreditGrant
    operation = Operation(
        name="approve",
        permission="payments.approve_creditgrant",
        title=_("Agree"),
        done=_("It is given."),
        form=NoQuestions,
        act=_approve,
        warning=_("It is given at once, and the person is told by email."),
        is_costly=True,
    )


class RefuseView(PaymentOperationView):
    """Do not agree."""

    model = CreditGrant
    operation = Operation(
        name="refuse",
        permission="payments.approve_creditgrant",
        title=_("Refuse"),
        done=_("It is not given."),
        form=ReasonForm,
        act=_refuse,
    )


_BLOCK = Operation(
    name="block",
    permission="payments.block_creditaccount",
    title=_("Block"),
    done=_("Nobody can spend it until it is opened again."),
    form=ReasonForm,
    act=_block,
    warning=_("Whoever tries it is told that the code is not known."),
)
_UNBLOCK = Operation(
    name="unblock",
    permission="payments.block_creditaccount",
    title=_("Open again"),
    done=_("It can be spent again."),
    form=ReasonForm,
    act=_unblock,
)
_WITHDRAW = Operation(
    name="withdraw",
    permission="payments.block_creditaccount",
    title=_("End it"),
    done=_("It has ended, and nothing is left on it."),
    form=ReasonForm,
    act=_withdraw,
    warning=_("What is left on it is not owed any more. This cannot be undone."),
    is_costly=True,
)


class BlockCardView(PaymentOperationView):
    """Block a gift card."""

    model = GiftCard
    operation = _BLOCK


class UnblockCardView(PaymentOperationView):
    """Open a gift card again."""

    model = GiftCard
    operation = _UNBLOCK


class WithdrawCardView(PaymentOperationView):
    """End a gift card."""

    model = GiftCard
    operation = _WITHDRAW


class BlockCreditView(PaymentOperationView):
    """Block store credit."""

    model = StoreCredit
    operation = _BLOCK


class UnblockCreditView(PaymentOperationView):
    """Open store credit again."""

    model = StoreCredit
    operation = _UNBLOCK


class WithdrawCreditView(PaymentOperationView):
    """End store credit."""

    model = StoreCredit
    operation = _WITHDRAW
