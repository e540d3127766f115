"""The cart of a request: a signed cookie for guests, the account for members."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from cart.actions import merge_carts, open_cart
from cart.models import Cart
from cart.queries import KEPT_FOR, cart_has_expired, open_cart_of
from core.signing import make_token, read_token
from markets.types import MarketContext

COOKIE = "cart"


def user_id_of(request: HttpRequest) -> int | None:
    """The signed-in person, if any. Asks nothing of the database for a guest without a session."""
    return request.user.pk if request.user.is_authenticated else None


def cookie_cart_id(request: HttpRequest) -> UUID | None:
    """The cart the browser holds the key of; a forged or foreign key is no key."""
    token = request.COOKIES.get(COOKIE)
    if not token:
        return None
    try:
        return UUID(read_token("cart", token, max_age=int(KEPT_FOR.total_seconds())))
    except (BadSignature, ValueError, TypeError):
        return None


def cart_of(request: HttpRequest, market: MarketContext) -> Cart | None:
    """The open cart of whoever asks. A guest's cart joins the account's at the first request after signing in."""
    cart_id, user_id = cookie_cart_id(request), user_id_of(request)
    cart = open_cart_of(cart_id=cart_id, user_id=user_id)
    if user_id is None or cart_id is None:
        return cart
    guest = cart if cart is not None and cart.user_id is None else open_cart_of(cart_id=cart_id, user_id=None)
    if guest is None:
        return cart
    return merge_carts(guest_cart_id=guest.pk, user_id=user_id, market=market)


def cart_to_fill(request: HttpRequest, market: MarketContext) -> Cart:
    """The open cart, or a new one."""
    return cart_of(request, market) or open_cart(market=market, user_id=user_id_of(request))


def has_expired(request: HttpRequest) -> bool:
    """Whether the browser's cart lay untouched for too long."""
    if user_id_of(request) is not None:
        return False
    token = request.COOKIES.get(COOKIE)
    if not token:
        return False
    try:
        cart_id = UUID(read_token("cart", token))
    except (BadSignature, ValueError, TypeError):
        return False
    return cart_has_expired(cart_id=cart_id)


def remember(response: HttpResponse, cart: Cart) -> None:
    """Give a guest's browser the key to the cart."""
    response.set_cookie(
        COOKIE,
        make_token("cart", str(cart.pk)),
        max_age=int(KEPT_FOR.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget(response: HttpResponse) -> None:
    """Take the key away."""
    response.delete_cookie(COOKIE, samesite="Lax")
