"""Members who pay at the stand-in for Stripe, and the cards they keep."""

from markets.models import Market
from markets.queries import find_market_of_record
from members.models import User
from payments.actions import process_inbox, run_card_errands
from payments.models import Payment, SavedCard
from tests.checkout.test_credit_members import member
from tests.factories.cart import item_in, open_shop
from tests.journeys.shopping import Answer, Shopper
from tests.payments.stripe_world import post
from tests.standins.stripe_double import StripeDouble

THREE_D_SECURE = "pm_card_threeDSecure2Required"


def shopping_member(email: str = "one@example.com") -> tuple[User, Shopper]:
    """Somebody signed in with a piece in the cart."""
    user, shopper = member(email)
    fill(shopper)
    return user, shopper


def fill(shopper: Shopper) -> Shopper:
    market = find_market_of_record("de", language="en") if Market.objects.exists() else open_shop()
    assert market is not None
    shopper.add(item_in(market, price="20.00"), 1)
    return shopper


def hear(stripe: StripeDouble, *, times: int = 1) -> None:
    """Stripe's messages arrive, and what is to be done there is done."""
    stripe.deliver(post, times=times)
    process_inbox()
    run_card_errands()


def last_payment() -> Payment:
    return Payment.objects.latest("pk")


def kept(stripe: StripeDouble, shopper: Shopper, *, behaves: str = "pm_card_visa", **card: object) -> SavedCard:
    """Pay on the hosted page with the tick set; the card that is kept."""
    stripe.books.typed = card
    assert shopper.order(keep_card="1").status == 303
    session = last_payment().provider_ref
    stripe.books.pay_on_page(session, behaves)
    if behaves == THREE_D_SECURE:
        stripe.books.finish_3ds(session, accepted=True)
    hear(stripe)
    return SavedCard.objects.latest("pk")


def pay_with(shopper: Shopper, card: SavedCard) -> Answer:
    """Order with the kept card chosen."""
    return shopper.order(payment=f"saved:{card.pk}")
