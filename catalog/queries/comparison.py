"""Up to four products side by side: what they have in common, and what tells them apart."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import prod

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from catalog.measures import size_text, weight_text
from catalog.models import Product, ProductAttribute, Variant
from catalog.queries.cards import cards_for
from catalog.queries.product_facts import attribute_value
from catalog.queries.related import related_ids
from catalog.types import Card, Link
from markets.types import MarketContext

MOST = 4
OFFERED = 6
NOTHING = "–"


@dataclass(frozen=True)
class Column:
    """A product of the comparison; `remove_url` is the comparison without it."""

    card: Card
    remove_url: str


@dataclass(frozen=True)
class Row:
    """One thing that is compared; `differs` when not all products have the same."""

    label: str
    values: tuple[str, ...]
    differs: bool


@dataclass(frozen=True)
class ComparisonPage:
    """The comparison. `offered` are products of the same shelf that can be added, as links."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    offered: tuple[Link, ...]
    noindex: bool = True


def comparison_page(market: MarketContext, address: str, asked: Sequence[int]) -> ComparisonPage:
    """The products asked for, in that order, as far as the market shows them; the fifth and further are left out.

    At most seven queries. `address` is the page's own path.
    """
    cards = cards_for(market, list(dict.fromkeys(asked))[:MOST])
    ids = [card.product_id for card in cards]
    columns = tuple(Column(card, compared_at(address, [pk for pk in ids if pk != card.product_id])) for card in cards)
    rows = (*_plain_rows(cards), *_measured_rows(ids, market.units), *_detail_rows(ids, market.language, market.units))
    return ComparisonPage(_("Compare products"), columns, rows, _offered(market, address, ids))


def compared_at(address: str, ids: Sequence[int]) -> str:
    """The address that compares these."""
    query = "&".join(f"p={pk}" for pk in ids)
    return f"{address}?{query}" if query else address


def _plain_rows(cards: Sequence[Card]) -> tuple[Row, ...]:
    rows = [
        _row(_("Brand"), [card.brand for card in cards]),
        _row(_("Availability"), [_("In stock") if card.in_stock else _("Sold out") for card in cards]),
        _row(_("Rating"), [_rating(card) for card in cards]),
        _row(_("Versions"), [str(card.variant_count) for card in cards]),
        _row(_("Colours"), [pgettext("between items", ", ").join(s.name for s in card.swatches) for card in cards]),
    ]
    return tuple(row for row in rows if any(value != NOTHING for value in row.values))


def _rating(card: Card) -> str:
    if card.rating is None or not card.review_count:
        return ""
    return ngettext("%(stars)s of 5, %(count)d review", "%(stars)s of 5, %(count)d reviews", card.review_count) % {
        "stars": number_format(card.rating, 1),
        "count": card.review_count,
    }


def _measured_rows(ids: Sequence[int], units: str) -> list[Row]:
    """Size and weight in the market's units; where versions differ, those of the largest and the range. One query."""
    rows = Variant.objects.filter(product__in=ids, status=Variant.Status.ACTIVE)
    sizes: dict[int, set[tuple[int, ...]]] = defaultdict(set)
    weights: dict[int, set[int]] = defaultdict(set)
    for product, grams, *sides in rows.values_list("product_id", "weight_g", "length_mm", "width_mm", "height_mm"):
        known = tuple(side for side in sides if side)
        if len(known) == len(sides):
            sizes[product].add(known)
        if grams:
            weights[product].add(grams)
    measured = [
        _row(_("Size"), [_sizes(sizes[pk], units) for pk in ids]),
        _row(_("Weight"), [_weights(weights[pk], units) for pk in ids]),
    ]
    return [row for row in measured if any(value != NOTHING for value in row.values)]


def _sizes(found: Collection[tuple[int, ...]], units: str) -> str:
    if not found:
        return ""
    largest = size_text(max(found, key=prod), units)
    # Translators: outer dimensions of the largest of several versions.
    return largest if len(found) == 1 else _("up to %(size)s") % {"size": largest}


def _weights(found: Collection[int], units: str) -> str:
    if not found:
        return ""
    light, heavy = weight_text(min(found), units), weight_text(max(found), units)
    if light == heavy:
        return light
    # Translators: weights of the lightest and the heaviest version, such as "520 g to 1.2 kg".
    return _("%(light)s to %(heavy)s") % {"light": light, "heavy": heavy}


def _detail_rows(ids: Sequence[int], language: str, units: str) -> list[Row]:
    """Structured details that at least one of the products has, in their order. One query."""
    found: dict[int, tuple[str, dict[int, list[str]]]] = {}
    rows = (
        ProductAttribute.objects.filter(product__in=ids)
        .exclude(attribute__section="safety")
        .select_related("attribute", "option")
        .order_by("attribute__position", "attribute_id", "option__position", "pk")
    )
    for row in rows:
        label = row.attribute.text("name", language)
        values = found.setdefault(row.attribute_id, (label, {}))[1]
        values.setdefault(row.product_id, []).append(attribute_value(row, language, units))
    between = pgettext("between items", ", ")
    return [_row(label, [between.join(values.get(pk, ())) for pk in ids]) for label, values in found.values()]


def _row(label: str, values: Sequence[str]) -> Row:
    return Row(label, tuple(value or NOTHING for value in values), len(set(values)) > 1)


def _offered(market: MarketContext, address: str, ids: Sequence[int]) -> tuple[Link, ...]:
    """What else stands on the shelf of the first product."""
    if not ids or len(ids) >= MOST:
        return ()
    shelf = Product.objects.filter(pk=ids[0]).values_list("primary_category_id", flat=True).first()
    near = [pk for pk in related_ids(market, ids[0], shelf, OFFERED) if pk not in ids]
    return tuple(Link(card.name, compared_at(address, [*ids, card.product_id])) for card in cards_for(market, near))
