"""What pressing a button on the pay page does in the pretended world."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.conf import settings

from payments.models import SandboxCharge, SandboxMovement
from payments.providers.sandbox import world


def choose(*, charge_pk: int, choice: str) -> SandboxCharge:
    """Carry out a choice of the pay page; a choice that does not exist or comes too late changes nothing."""
    charge = SandboxCharge.objects.get(pk=charge_pk)
    allowed = CHOICES.get(charge.state, {})
    return allowed[choice](charge_pk) if choice in allowed else charge


def _later(result: str) -> Callable[[int], SandboxCharge]:
    def postponed(charge_pk: int) -> SandboxCharge:
        return world.postpone(charge_pk, result=result, after=timedelta(seconds=settings.SANDBOX_DELAY_SECONDS))

    return postponed


Kind = SandboxMovement.Kind
CHOICES: dict[str, dict[str, Callable[[int], SandboxCharge]]] = {
    "open": {
        "succeed": world.pay_or_confirm,
        "confirm": world.ask_confirmation,
        "pending_succeed": _later("succeeded"),
        "pending_fail": _later("declined"),
        "decline": world.decline,
        "elevated": partial(world.pay_doubtfully, level=Kind.ELEVATED),
        "highest": partial(world.pay_doubtfully, level=Kind.HIGHEST),
    },
    "confirming": {"confirm_yes": world.pay, "confirm_no": world.decline},
    "succeeded": {
        "dispute": world.dispute,
        "dispute_won": partial(world.end_dispute, end=Kind.WON),
        "dispute_lost": partial(world.end_dispute, end=Kind.LOST),
    },
}
