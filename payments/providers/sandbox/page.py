"""The pay page as a value: what it shows and what can be chosen on it."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from djmoney.money import Money

from payments.labels import method_label
from payments.models import SandboxCharge


@dataclass(frozen=True)
class SandboxChoice:
    """One button of the page."""

    value: str
    label: str
    detail: str
    is_main: bool = False


@dataclass(frozen=True)
class SandboxPage:
    """`step`: `choose`, `confirm` (the bank's second page) or `done`. `action_url` takes the POST of `choice`."""

    step: Literal["choose", "confirm", "done"]
    title: str
    lead: str
    order_ref: str
    amount: Money
    method: str
    choices: tuple[SandboxChoice, ...]
    action_url: str
    return_url: str
    cancel_url: str


def page_for(charge: SandboxCharge, *, brand: str, action_url: str) -> SandboxPage:
    """The page for the charge as it stands."""
    step = _step(charge)
    return SandboxPage(
        step=step,
        title=_title(step),
        lead=_lead(step),
        order_ref=charge.order_ref,
        amount=charge.amount,
        method=method_label(charge.method, brand, is_test=True),
        choices=_choices(step),
        action_url=action_url,
        return_url=charge.return_url,
        cancel_url=charge.cancel_url,
    )


def _step(charge: SandboxCharge) -> Literal["choose", "confirm", "done"]:
    if charge.state == SandboxCharge.State.OPEN:
        return "choose"
    return "confirm" if charge.state == SandboxCharge.State.CONFIRMING else "done"


def _title(step: str) -> str:
    if step == "confirm":
        return _("Confirm with your test bank")
    return _("This payment is finished") if step == "done" else _("Test payment")


def _lead(step: str) -> str:
    if step == "confirm":
        return _("Your bank would ask here whether it is really you. Nothing is charged.")
    if step == "done":
        return _("There is nothing left to do here. Go back to the shop to see your order.")
    return _("This page stands for a payment provider. No money moves, whatever you choose.")


def _choices(step: str) -> tuple[SandboxChoice, ...]:
    if step == "choose":
        return (
            SandboxChoice("succeed", _("Pay now"), _("The payment succeeds at once."), is_main=True),
            SandboxChoice("confirm", _("Pay with confirmation"), _("The bank asks once more on a second page.")),
            SandboxChoice("pending_succeed", _("Pay later, succeeds"), _("The money arrives a little later.")),
            SandboxChoice("pending_fail", _("Pay later, fails"), _("The money never arrives.")),
            SandboxChoice("decline", _("Decline the payment"), _("The bank says no. You can try again.")),
        )
    if step == "confirm":
        return (
            SandboxChoice("confirm_yes", _("Yes, it is me"), _("The payment succeeds."), is_main=True),
            SandboxChoice("confirm_no", _("No, stop the payment"), _("The payment is declined.")),
        )
    return ()
