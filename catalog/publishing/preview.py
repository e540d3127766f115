"""Previews: the real page as it will be, for whoever has the link.

The page is made by the shop's own queries inside a transaction in which what is planned has been done already, and
which is taken back when the page is written: see docs/decisions. Nothing of it is remembered and nothing is kept.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.signing import BadSignature
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import clock
from catalog.actions.prices import follow_lists
from catalog.actions.products import set_texts
from catalog.cache import apart
from catalog.derived.facets import derive_facets
from catalog.derived.prices import derive_prices
from catalog.errors import NotFound
from catalog.models import (
    PUBLIC,
    EffectivePrice,
    FacetDef,
    FacetRow,
    PlannedChange,
    Price,
    PriceList,
    Product,
    ProductMarket,
    Variant,
)
from catalog.prices.resolve import price_variants
from core.money import Money
from core.signing import make_token, read_token
from markets.types import MarketContext

PURPOSE = "catalog.preview"
PRODUCT, CATEGORY = "product", "category"
MOST_CHANGED = 300
"""Products of a category that a preview works out anew; more would make the page slow."""


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What a link shows: a product or a category in one market, at a moment (None: now), as one customer group."""

    kind: str
    id: int
    market: str
    at: str | None = None
    audience: str = PUBLIC
    drafts: bool = False

    @property
    def moment(self) -> datetime:
        """The moment looked at; never one that has passed."""
        asked = parse_datetime(self.at) if self.at else None
        return max(asked or timezone.now(), timezone.now())


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What the banner says. `notes` are whole sentences about what differs from what shoppers see now."""

    token: str
    sight: Sight
    at: datetime | None
    until: datetime
    notes: tuple[str, ...] = ()


def preview_token(*, sight: Sight, hours: int) -> str:
    """A link's token that works for so many hours."""
    until = timezone.now() + timedelta(hours=hours)
    return make_token(PURPOSE, {**asdict(sight), "until": until.isoformat()})


def read_preview(token: str, market: MarketContext) -> Preview:
    """What the token shows in this market. Raises `NotFound`: forged, over, or made for another market."""
    try:
        told: dict[str, Any] = read_token(PURPOSE, token)
        until = datetime.fromisoformat(told.pop("until"))
        sight = Sight(**told)
    except (BadSignature, KeyError, TypeError, ValueError) as trouble:
        raise NotFound from trouble
    if until <= timezone.now() or sight.market != market.code:
        raise NotFound
    return Preview(token=token, sight=sight, at=sight.moment if sight.at else None, until=until)


@contextmanager
def as_it_will_be(preview: Preview, market: MarketContext) -> Iterator[Preview]:
    """Inside, the catalogue is as the link shows it; afterwards nothing has happened. The preview with its notes."""
    sight = preview.sight
    moment = sight.moment
    with ExitStack() as stack:
        stack.enter_context(apart())
        stack.enter_context(clock.looking_at(moment))
        stack.enter_context(transaction.atomic())
        try:
            if sight.kind == PRODUCT:
                ids, notes = [sight.id], _show_product(sight, market, moment)
            else:
                ids, notes = _show_category(sight, moment)
            _derive(ids, moment)
            if sight.audience != PUBLIC:
                notes.append(_("Prices are those of the customer group “%(group)s”.") % {"group": sight.audience})
                _as_group(_shown_ids(sight, market) or ids, sight, market, moment)
            yield replace(preview, notes=tuple(notes))
        finally:
            transaction.set_rollback(True)


def listed_ids(sight: Sight, market: MarketContext) -> list[int]:
    """Products of the category in the shop's own order, as they are inside the preview. One query."""
    shown = FacetRow.objects.filter(market=market.id, facet__kind=FacetDef.Kind.CATEGORY, value_id=sight.id)
    products = Product.objects.filter(pk__in=shown.values("product")).order_by("featured_rank", "-pk")
    return list(products.values_list("pk", flat=True))


def belongs(preview: Preview, market: MarketContext, product_id: int) -> bool:
    """Whether a link shows this product: its own, or one its category shows."""
    sight = preview.sight
    if sight.kind == PRODUCT:
        return sight.id == product_id
    here = FacetRow.objects.filter(market=market.id, facet__kind=FacetDef.Kind.CATEGORY, value_id=sight.id)
    return here.filter(product=product_id).exists()


def _shown_ids(sight: Sight, market: MarketContext) -> list[int]:
    return [] if sight.kind == PRODUCT else listed_ids(sight, market)[:MOST_CHANGED]


def _show_product(sight: Sight, market: MarketContext, moment: datetime) -> list[str]:
    """The product is on sale in the market, whatever it is now; the notes say what it is."""
    _locked([sight.id])
    product = Product.objects.filter(pk=sight.id).first()
    if product is None or product.status == Product.Status.ARCHIVED:
        raise NotFound
    notes = _make_planned([sight.id], moment)
    product.refresh_from_db()
    if product.status == Product.Status.DRAFT:
        notes.insert(0, _("It is a draft: shoppers do not see it."))
    if product.released_at and product.released_at > moment and product.preorder_until is None:
        notes.append(_("It is not released yet at this moment."))
    offer = ProductMarket.objects.filter(product=product, market=market.id).first()
    if offer and _is_closed(offer, moment):
        notes.append(_("It is hidden in this market at this moment."))
        ProductMarket.objects.filter(pk=offer.pk).update(visible=True, visible_from=None, visible_until=None)
    Product.objects.filter(pk=product.pk).update(status=Product.Status.ACTIVE)
    if product.released_at and product.released_at > moment:
        Product.objects.filter(pk=product.pk).update(released_at=moment)
    return notes


def _is_closed(offer: ProductMarket, moment: datetime) -> bool:
    opens, closes = offer.visible_from, offer.visible_until
    return not offer.visible or bool(opens and opens > moment) or bool(closes and closes <= moment)


def _show_category(sight: Sight, moment: datetime) -> tuple[list[int], list[str]]:
    """What is planned for its products has happened; with drafts, if they are asked for."""
    inside = Q(primary_category=sight.id) | Q(categories=sight.id)
    for depth in range(1, 6):
        up = "__parent" * depth
        inside |= Q(**{f"primary_category{up}": sight.id}) | Q(**{f"categories{up}": sight.id})
    products = Product.objects.filter(inside).exclude(status=Product.Status.ARCHIVED)
    planned = PlannedChange.objects.filter(state=PlannedChange.State.WAITING, due_at__lte=moment, product__in=products)
    changing = set(planned.values_list("product_id", flat=True)[:MOST_CHANGED])
    drafts: set[int] = set()
    if sight.drafts:
        drafts = set(products.filter(status=Product.Status.DRAFT).values_list("pk", flat=True)[:MOST_CHANGED])
    ids = _locked(changing | drafts | _moved_by_the_clock(products, sight.market, moment))
    Product.objects.filter(pk__in=drafts).update(status=Product.Status.ACTIVE)
    notes = _make_planned(sorted(changing), moment)
    if sight.drafts:
        notes.append(_("Drafts are shown as if they were on sale."))
    return ids, notes


def _locked(ids: Collection[int]) -> list[int]:
    """The products, taken in the order in which workers take them, so that neither waits for the other in a circle."""
    first = sorted(ids)[:MOST_CHANGED]
    return list(Product.objects.filter(pk__in=first).lock().values_list("pk", flat=True))


def _moved_by_the_clock(products: QuerySet[Product], market_code: str, moment: datetime) -> set[int]:
    """Products that a date changes until then: windows, releases, price lists that begin or end. Four queries."""
    span = (timezone.now(), moment)
    inside = Q(offers__visible_from__range=span) | Q(offers__visible_until__range=span)
    windows = products.filter(inside, offers__market__code=market_code)
    releases = products.filter(Q(released_at__range=span) | Q(preorder_until__range=span))
    lists = PriceList.objects.filter(status=PriceList.Status.ACTIVE, market__code=market_code).exclude(during=None)
    moving = [
        row.pk
        for row in lists
        if any(edge is not None and span[0] <= edge <= moment for edge in (row.during.lower, row.during.upper))
    ]
    priced = products.filter(variants__prices__price_list__in=moving)
    found: set[int] = set()
    for rows in (windows, releases, *([priced] if moving else [])):
        found.update(rows.order_by("pk").values_list("pk", flat=True).distinct()[:MOST_CHANGED])
    return found


def _make_planned(ids: Sequence[int], moment: datetime) -> list[str]:
    """What is planned for these products until then, without any record of it: it is taken back anyway."""
    rows = list(
        PlannedChange.objects.filter(state=PlannedChange.State.WAITING, due_at__lte=moment, product__in=ids)
        .select_related("product")
        .order_by("due_at", "pk")
    )
    for row in rows:
        product = Product.objects.get(pk=row.product_id)
        if row.texts:
            set_texts(product, row.texts)
        if row.status:
            product.status = row.status
        product.save()
        _put_prices(row.prices)
    told = ngettext("It contains %(count)d planned change.", "It contains %(count)d planned changes.", len(rows))
    return [told % {"count": len(rows)}] if rows else []


def _put_prices(prices: Iterable[dict[str, Any]]) -> None:
    for price in prices:
        place = {"price_list_id": price["list"], "variant_id": price["variant"], "min_qty": price["quantity"]}
        if price["amount"] is None:
            Price.objects.filter(**place).delete()
            continue
        row = PriceList.objects.filter(pk=price["list"]).first()
        if row is not None and Variant.objects.filter(pk=price["variant"]).exists():
            amount = Money(Decimal(price["amount"]), row.currency)
            stored, _new = Price.objects.update_or_create(**place, defaults={"amount": amount, "derived": False})
            follow_lists([stored])


def _derive(ids: Sequence[int], moment: datetime) -> None:
    if ids:
        derive_prices(ids, moment)
        derive_facets(ids, moment)


def _as_group(ids: Sequence[int], sight: Sight, market: MarketContext, moment: datetime) -> None:
    """What the group pays stands where everybody's prices stand."""
    variants = list(Variant.objects.filter(product__in=ids).values_list("pk", flat=True))
    rows = EffectivePrice.objects.filter(variant__in=variants, market=market.id, audience_key=PUBLIC, min_qty=1)
    known = {row.variant_id: row for row in rows}
    for pk, found in price_variants(sight.market, variants, audiences=(PUBLIC, sight.audience), at=moment).items():
        row = known.get(pk)
        if row is not None and row.amount != found.amount:
            row.amount, row.list_amount, row.prior_low = found.amount, found.list_amount, found.prior_low
            row.price_list_id = found.price_list_id
            row.save()
