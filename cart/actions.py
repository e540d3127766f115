"""Every change of a cart. Expected trouble comes back as `CartProblem`s; nothing typed or added is lost by it."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cart.errors import CartGone
from cart.events import CartChanged
from cart.models import MAX_LINES, MAX_QUANTITY, Cart, CartLine, CartState, Place
from cart.offers import Offer, offers_for
from cart.quantities import allowed_quantity, not_sellable, sentence_for
from cart.types import AddResult, CartProblem
from core.events import publish
from markets.types import MarketContext


def open_cart(*, market: MarketContext, user_id: int | None) -> Cart:
    """A new cart; a member who has an open one gets that."""
    with transaction.atomic():
        now = timezone.now()
        if user_id is None:
            return Cart.objects.create(market=market.code, touched_at=now)
        cart, _made = Cart.objects.get_or_create(
            user_id=user_id,
            state=CartState.OPEN,
            defaults={"market": market.code, "touched_at": now},
        )
        return cart


def add_line(*, cart_id: UUID, market: MarketContext, variant_id: int, quantity: int) -> AddResult:
    """Put so many more of a variant into the cart, at most what can be had. Raises `CartGone`."""
    offer = offers_for({variant_id: quantity}, market=market).by_variant[variant_id]
    with transaction.atomic():
        cart = _lock(cart_id)
        line = cart.lines.filter(variant_id=variant_id, place=Place.CART).first()
        if not offer.can_be_sold:
            return _refused(cart, not_sellable(None))
        if line is None and cart.lines.filter(place=Place.CART).count() >= MAX_LINES:
            return _refused(cart, _cart_is_full())
        before = line.quantity if line else 0
        return _set(cart, line, variant_id, before + max(quantity, 1), offer, market)


def change_quantity(*, cart_id: UUID, market: MarketContext, line_id: int, quantity: int) -> AddResult:
    """Set how many of a line are wanted, at most what can be had; zero removes it. Raises `CartGone`."""
    if quantity == 0:
        return remove_line(cart_id=cart_id, line_id=line_id)
    line = CartLine.objects.filter(pk=line_id, cart_id=cart_id, place=Place.CART).first()
    if line is None:
        return AddResult(cart_id=str(cart_id), line_id=None, quantity=0, problems=(_line_is_gone(),))
    offer = offers_for({line.variant_id: quantity}, market=market).by_variant[line.variant_id]
    with transaction.atomic():
        cart = _lock(cart_id)
        locked = cart.lines.filter(pk=line_id).first()
        if locked is None:
            return _refused(cart, _line_is_gone())
        if not offer.can_be_sold:
            return _refused(cart, not_sellable(line_id))
        return _set(cart, locked, locked.variant_id, quantity, offer, market)


def remove_line(*, cart_id: UUID, line_id: int) -> AddResult:
    """Take a line out; one that is gone already is no trouble. Raises `CartGone`."""
    with transaction.atomic():
        cart = _lock(cart_id)
        line = cart.lines.filter(pk=line_id).first()
        if line is not None:
            variant_id = line.variant_id
            line.delete()
            _touch(cart, variant_id, 0)
    return AddResult(cart_id=str(cart_id), line_id=None, quantity=0)


def save_for_later(*, cart_id: UUID, line_id: int) -> AddResult:
    """Keep a line without buying it now. Raises `CartGone`."""
    return _move(cart_id, line_id, Place.CART, Place.LATER)


def set_aside(*, cart_id: UUID, line_ids: Collection[int]) -> None:
    """Keep these lines for later, all at once: they cannot come along. Raises `CartGone`."""
    with transaction.atomic():
        cart = _lock(cart_id)
        moved = list(cart.lines.filter(pk__in=line_ids, place=Place.CART))
        twins = {
            line.variant_id: line
            for line in cart.lines.filter(place=Place.LATER, variant_id__in=[one.variant_id for one in moved])
        }
        for line in moved:
            twin = twins.get(line.variant_id)
            if twin is not None:
                line.quantity = min(line.quantity + twin.quantity, MAX_QUANTITY)
            line.place = Place.LATER
        CartLine.objects.filter(pk__in=[twin.pk for twin in twins.values()]).delete()
        CartLine.objects.bulk_update(moved, ["quantity", "place"])
        if moved:
            _touch(cart, 0, 0)


def move_to_cart(*, cart_id: UUID, line_id: int) -> AddResult:
    """Bring a kept line back; the next quote says whether it can still be had. Raises `CartGone`."""
    return _move(cart_id, line_id, Place.LATER, Place.CART)


def merge_carts(*, guest_cart_id: UUID, user_id: int, market: MarketContext) -> Cart:
    """At sign-in: the guest's cart becomes the member's, or its lines join the member's open cart.

    Of the same variant the larger quantity stays, so that signing in twice never doubles an order.
    """
    mine = Cart.objects.filter(user_id=user_id, state=CartState.OPEN).values_list("pk", flat=True).first()
    with transaction.atomic():
        carts = {cart.pk: cart for cart in Cart.objects.lock().filter(pk__in=[guest_cart_id, mine or guest_cart_id])}
        guest = carts.get(guest_cart_id)
        if guest is None or guest.state != CartState.OPEN or guest.user_id not in (None, user_id):
            return carts[mine] if mine in carts else open_cart(market=market, user_id=user_id)
        if mine is None or mine == guest.pk:
            guest.user_id = user_id
            guest.save(update_fields=["user", "updated"])
            return guest
        member = carts[mine]
        _join(guest, member)
        guest.become(state=CartState.MERGED)
        _touch(member, 0, 0)
        return member


def set_ship_to(*, cart_id: UUID, country: str, postal_code: str, delivery_code: str = "") -> None:
    """Where the estimate goes, and by which delivery. Raises `CartGone`."""
    with transaction.atomic():
        cart = _lock(cart_id)
        cart.country, cart.postal_code = country[:2].upper(), postal_code.strip()[:20]
        cart.delivery_code = delivery_code[:40]
        cart.version = F("version") + 1
        cart.save(update_fields=["country", "postal_code", "delivery_code", "version", "updated"])


def remember_duty_wish(cart: Cart, wish: str) -> None:
    """When the shopper wants to pay import duty: `now`, `later`, or "" for what comes first.

    The caller holds the cart's lock. The cart's estimate follows the choice of the checkout.
    """
    if cart.duty_wish != wish:
        cart.duty_wish = wish
        cart.save(update_fields=["duty_wish", "updated"])


def close_cart(cart: Cart) -> None:
    """The cart became an order; what was kept for later goes on in a cart that follows it.

    The caller holds the cart's lock, in the transaction that writes the order.
    """
    cart.become(state=CartState.ORDERED)
    kept = cart.lines.filter(place=Place.LATER)
    if kept.exists():
        following = Cart.objects.create(
            user_id=cart.user_id, market=cart.market, follows=cart, touched_at=timezone.now()
        )
        kept.update(cart=following)


def _lock(cart_id: UUID) -> Cart:
    cart = Cart.objects.lock().filter(pk=cart_id, state=CartState.OPEN).first()
    if cart is None:
        raise CartGone
    return cart


def _set(
    cart: Cart, line: CartLine | None, variant_id: int, wanted: int, offer: Offer, market: MarketContext
) -> AddResult:
    allowed = allowed_quantity(min(wanted, 10 * MAX_QUANTITY), available=offer.available, limit=offer.limit)
    problem = sentence_for(allowed, line_id=line.pk if line else None)
    if allowed.quantity == 0:
        return _refused(cart, problem)
    if line is None:
        line = CartLine(cart=cart, variant_id=variant_id, place=Place.CART)
    line.quantity = allowed.quantity
    line.seen = offer.amount
    line.save()
    cart.market = market.code
    _touch(cart, variant_id, line.quantity)
    return AddResult(
        cart_id=str(cart.pk), line_id=line.pk, quantity=line.quantity, problems=(problem,) if problem else ()
    )


def _touch(cart: Cart, variant_id: int, quantity: int) -> None:
    cart.version = F("version") + 1
    cart.touched_at = timezone.now()
    cart.save(update_fields=["version", "touched_at", "market", "updated"])
    publish(CartChanged(cart_id=cart.pk, variant_id=variant_id, quantity=quantity))


def _move(cart_id: UUID, line_id: int, here: Place, there: Place) -> AddResult:
    with transaction.atomic():
        cart = _lock(cart_id)
        line = cart.lines.filter(pk=line_id, place=here).first()
        if line is None:
            return _refused(cart, _line_is_gone())
        twin = cart.lines.filter(variant_id=line.variant_id, place=there).first()
        if twin is not None:
            twin.quantity = min(twin.quantity + line.quantity, MAX_QUANTITY)
            twin.save(update_fields=["quantity", "updated"])
            line.delete()
            line = twin
        else:
            line.place = there
            line.save(update_fields=["place", "updated"])
        _touch(cart, line.variant_id, line.quantity)
    return AddResult(cart_id=str(cart_id), line_id=line.pk, quantity=line.quantity)


def _join(guest: Cart, member: Cart) -> None:
    theirs = {(line.variant_id, line.place): line for line in member.lines.all()}
    new, larger = [], []
    for line in guest.lines.all():
        twin = theirs.get((line.variant_id, line.place))
        if twin is None:
            new.append(
                CartLine(
                    cart=member,
                    variant_id=line.variant_id,
                    place=line.place,
                    quantity=line.quantity,
                    seen=line.seen,
                )
            )
        elif twin.quantity < line.quantity:
            twin.quantity = line.quantity
            larger.append(twin)
    CartLine.objects.bulk_create(new)
    CartLine.objects.bulk_update(larger, ["quantity"])


def _refused(cart: Cart, problem: CartProblem | None) -> AddResult:
    return AddResult(cart_id=str(cart.pk), line_id=None, quantity=0, problems=(problem,) if problem else ())


def _cart_is_full() -> CartProblem:
    return CartProblem(
        code="CART_FULL",
        message=_("A cart holds at most %(most)d different items. Remove one to add another.") % {"most": MAX_LINES},
    )


def _line_is_gone() -> CartProblem:
    return CartProblem(code="LINE_GONE", message=_("This item is no longer in your cart."))
