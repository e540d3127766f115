"""The pay page as a value: what it shows and what can be chosen on it."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from djmoney.money import Money

from payments.labels import method_label
from payments.models import SandboxCharge, SandboxMovement

Step = Literal["choose", "confirm", "paid", "disputed", "done"]
"""`choose` how to pay, `confirm` it on the bank's second page; what was `paid` may be `disputed`; `done` is done."""
Kind = SandboxMovement.Kind


@dataclass(frozen=True)
class SandboxChoice:
    """One button of the page."""

    value: str
    label: str
    detail: str
    is_main: bool = False


@dataclass(frozen=True)
class SandboxPage:
    """`action_url` takes the POST of `choice`."""

    step: Step
    title: str
    lead: str
    order_ref: str
    amount: Money
    method: str
    choices: tuple[SandboxChoice, ...]
    action_url: str
    return_url: str
    cancel_url: str

    @property
    def is_over(self) -> bool:
        """Whether the shopper has nothing left to do here; the bank may have."""
        return self.step in ("paid", "disputed", "done")


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


def _step(charge: SandboxCharge) -> Step:
    match charge.state:
        case SandboxCharge.State.OPEN:
            return "choose"
        case SandboxCharge.State.CONFIRMING:
            return "confirm"
        case SandboxCharge.State.SUCCEEDED:
            return _step_of_paid(charge)
    return "done"


def _step_of_paid(charge: SandboxCharge) -> Step:
    seen = {movement.kind for movement in charge.movements.all()}
    if seen & {Kind.WON, Kind.LOST} or charge.refunded_minor >= charge.captured_minor:
        return "done"
    return "disputed" if Kind.DISPUTE in seen else "paid"


def _title(step: Step) -> str:
    match step:
        case "confirm":
            return _("Confirm with your test bank")
        case "choose":
            return _("Test payment")
        case "disputed":
            return _("This payment is disputed")
    return _("This payment is finished")


def _lead(step: Step) -> str:
    if step == "paid":
        return _("The order is paid. If you want, be the customer's bank now and take the money back.")
    if step == "disputed":
        return _("The bank has taken the money back and waits for the shop's evidence. Decide as the bank.")
    if step == "confirm":
        return _("Your bank would ask here whether it is really you. Nothing is charged.")
    if step == "done":
        return _("There is nothing left to do here. Go back to the shop to see your order.")
    return _("This page stands for a payment provider. No money moves, whatever you choose.")


def _choices(step: Step) -> tuple[SandboxChoice, ...]:
    if step == "choose":
        return (
            SandboxChoice("succeed", _("Pay now"), _("The payment succeeds at once."), is_main=True),
            SandboxChoice("confirm", _("Pay with confirmation"), _("The bank asks once more on a second page.")),
            SandboxChoice("pending_succeed", _("Pay later, succeeds"), _("The money arrives a little later.")),
            SandboxChoice("pending_fail", _("Pay later, fails"), _("The money never arrives.")),
            SandboxChoice("decline", _("Decline the payment"), _("The bank says no. You can try again.")),
            SandboxChoice("elevated", _("Pay, doubtful"), _("It succeeds, and the provider has doubts.")),
            SandboxChoice("highest", _("Pay, very doubtful"), _("It succeeds, and the provider has grave doubts.")),
        )
    if step == "confirm":
        return (
            SandboxChoice("confirm_yes", _("Yes, it is me"), _("The payment succeeds."), is_main=True),
            SandboxChoice("confirm_no", _("No, stop the payment"), _("The payment is declined.")),
        )
    return _choices_of_bank(step)


def _choices_of_bank(step: Step) -> tuple[SandboxChoice, ...]:
    if step == "paid":
        return (SandboxChoice("dispute", _("Dispute the payment"), _("The bank takes the whole amount back for now.")),)
    if step == "disputed":
        return (
            SandboxChoice("dispute_won", _("The shop is right"), _("The bank gives the money back to the shop.")),
            SandboxChoice("dispute_lost", _("The customer is right"), _("The money stays with the customer.")),
        )
    return ()
