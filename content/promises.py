"""The delivery promise of a product page: from where, until when, for how much. Reads stock and delivery tables."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from cart.sourcing import route_of_piece
from catalog.cache import remembered
from catalog.sets import parts_of
from catalog.types import ProductPage, SetPart
from content.types import DeliveryPromise, PromiseStop
from core.money import Money, format_money, to_minor
from inventory.dates import morning_of
from inventory.planning import variants_of
from inventory.queries import delivery_by_lanes, delivery_options, planned_place, stock_places, stock_rows
from inventory.sourcing.asking import method_plans
from inventory.sourcing.network import network_of
from inventory.types import DeliveryOption, Demand, Piece, StockPlace
from markets.customs import crosses_customs
from markets.formatting import format_day, format_day_range
from markets.names import country_name
from markets.types import MarketContext


def delivery_promise(page: ProductPage, market: MarketContext) -> DeliveryPromise | None:
    """What one piece of the chosen variant costs to send and when it arrives; none when it cannot be said."""
    if page.variant_id is None or page.is_download:
        return None
    day = page.releases_on
    on = max(morning_of(day), timezone.now()) if day is not None else None
    parts = page.contents.items if page.contents else ()
    weight = sum(part.weight_g * part.quantity for part in parts) or page.weight_g
    if network_of(market.code).has_lanes:
        place, options = _by_lanes(page, market, weight, on)
    else:
        place = _place(page, market, on)
        options = _options(market, place, weight, page.price.now, on) if place is not None else ()
    if place is None or not options:
        return None
    sentence = _sentence(market, replace(place, minutes_to_cutoff=None) if on else place, options[0])
    return DeliveryPromise(stops=_stops(market, place, options[0]), sentence=sentence)


def _by_lanes(
    page: ProductPage, market: MarketContext, weight_g: int, on: datetime | None
) -> tuple[StockPlace | None, tuple[DeliveryOption, ...]]:
    """What the cart's planner would do with one piece."""
    variant = page.variant_id or 0
    parts = _parts(variant, market) if page.contents else ()
    pieces = tuple(
        Piece(line_ref=f"1.{number}", variant_id=part.variant_id, per_set=part.quantity)
        for number, part in enumerate(parts, start=1)
        if part.requires_shipping
    )
    demands = [Demand(line_ref="1", variant_id=variant, quantity=1, pieces=pieces)]
    route = route_of_piece(variant, page.price.now, market, parts=parts)
    plans = method_plans(demands, stock_rows(market.code, variants_of(demands)), route, on=on) or ()
    if not plans:
        return None, ()
    read = partial(
        delivery_by_lanes,
        plans,
        market_code=market.code,
        country=market.country,
        weight_g=weight_g,
        goods=page.price.now,
        on=on,
    )
    days = tuple((plan.code, *plan.window(on or timezone.now())) for plan in plans)
    key = ("content.promise", market.code, market.language, market.country)
    options = remembered((*key, "lanes", days, weight_g, to_minor(page.price.now)), read)
    first = next((plan for plan in plans if options and plan.code == options[0].code), plans[0])
    return planned_place(first, on), options


def _parts(variant_id: int, market: MarketContext) -> tuple[SetPart, ...]:
    key = ("content.promise.parts", variant_id, market.language)
    return remembered(key, lambda: parts_of([variant_id], market.language).get(variant_id, ()))


def _place(page: ProductPage, market: MarketContext, on: datetime | None) -> StockPlace | None:
    """From where it leaves; a set leaves from where its components are."""
    parts = [part.variant_id for part in page.contents.items] if page.contents else [page.variant_id or 0]
    places = stock_places(parts, market_code=market.code, on=on)
    return next((places[pk] for pk in parts if pk in places), None)


def _options(
    market: MarketContext, place: StockPlace, weight_g: int, goods: Money, on: datetime | None
) -> tuple[DeliveryOption, ...]:
    """Remembered until the parcel would leave on another day."""
    key = ("content.promise", market.code, market.language, market.country)
    read = partial(
        delivery_options,
        market_code=market.code,
        country=market.country,
        weight_g=weight_g,
        goods=goods,
        warehouse_codes=(place.warehouse_code,),
        on=on,
    )
    return remembered((*key, place.warehouse_code, place.leaves_on, weight_g, to_minor(goods)), read)


def _stops(market: MarketContext, place: StockPlace, option: DeliveryOption) -> tuple[PromiseStop, ...]:
    language, country = market.language, market.home_country
    first = PromiseStop(place.city, _leaves(place.leaves_on, language, country))
    arrival = format_day_range(option.earliest, option.latest, language, country)
    last = PromiseStop(country_name(market.country, language), arrival)
    if not crosses_customs(place.country, market.country):
        return first, last
    cleared = _("Paid by us") if market.duty_mode == "ddp" else ""
    return first, PromiseStop(_("Customs"), cleared), last


def _leaves(day: date, language: str, country: str) -> str:
    if day == timezone.now().date():
        return _("Leaves today")
    return _("Leaves %(day)s") % {"day": format_day(day, language, country)}


def _sentence(market: MarketContext, place: StockPlace, option: DeliveryOption) -> str:
    """Cost, free limit and cut-off, as one or two sentences."""
    parts = [_order_within(place.minutes_to_cutoff)] if place.minutes_to_cutoff else []
    price = format_money(option.price, market.language, country=market.home_country)
    if option.is_free:
        parts.append(_("Tracked delivery is free for this order."))
    elif option.free_from is not None:
        limit = format_money(option.free_from, market.language, country=market.home_country)
        parts.append(_("Tracked delivery %(price)s, free from %(limit)s.") % {"price": price, "limit": limit})
    else:
        parts.append(_("Tracked delivery %(price)s.") % {"price": price})
    return " ".join(parts)


def _order_within(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("Order within %(minutes)s min.") % {"minutes": rest}
    return _("Order within %(hours)s h %(minutes)s min.") % {"hours": hours, "minutes": rest}
