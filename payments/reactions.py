"""What payments do when something is announced. Wired in `config/reactions.py`."""

from payments.actions.cards import note_kept
from payments.credit.messages import tell_store_credit
from payments.events import PaymentAuthorized, PaymentCaptured, StoreCreditGiven


def tell_credit_given(event: StoreCreditGiven) -> None:
    """After: the person learns of it, and how to use it."""
    tell_store_credit(
        account=event.account,
        amount=event.amount,
        to=event.email,
        market=event.market,
        language=event.language,
        key=event.ref,
    )


def keep_agreed_card(event: PaymentAuthorized | PaymentCaptured) -> None:
    """Inside: the card that paid is kept if its member agreed."""
    note_kept(payment_ref=event.payment_ref)
