"""The lines of an order by who sells them, as their products say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.models import Product
from markets.models import LegalEntity
from orders.changes.errors import ChangeRefused
from orders.changes.standing import LineStanding, Standing
from orders.documents.parties import seller_of
from orders.models import Order, OrderLine
from orders.sellers import seller_of_market


@dataclass(frozen=True, kw_only=True)
class SellerPart:
    """Lines of one seller. `is_own`: it is the seller of the order already."""

    seller: LegalEntity
    lines: tuple[LineStanding, ...]
    is_own: bool


def parts_by_seller(order: Order, standing: Standing) -> tuple[SellerPart, ...]:
    """The lines by who sells them now: first who keeps the order, which is its own seller where that has goods in it.

    Raises `ChangeRefused` where the seller of a line is not known.
    """
    own = seller_of(order)
    home = seller_of_market(order)
    codes = _codes(order, [one.line for one in standing.lines])
    known = {one.code: one for one in LegalEntity.objects.filter(code__in=set(codes.values()), active=True)}
    found: dict[int, SellerPart] = {}
    for one in standing.lines:
        code = codes[one.line.pk]
        seller = known.get(code) if code else home
        if seller is None:
            raise ChangeRefused(
                _("%(product)s: its seller “%(seller)s” is not one of the shop's sellers.")
                % {"product": one.line.name, "seller": code}
            )
        before = found.get(seller.pk)
        lines = (*before.lines, one) if before else (one,)
        found[seller.pk] = SellerPart(seller=seller, lines=lines, is_own=seller.pk == own.pk)
    return tuple(sorted(found.values(), key=lambda part: not part.is_own))


def has_several_sellers(order: Order) -> bool:
    """Whether the goods of an order are of more than one seller. Two queries."""
    lines = order.lines.select_related("variant__product")
    return len({line.variant.product.merchant_code for line in lines if line.variant is not None}) > 1


def _codes(order: Order, lines: Sequence[OrderLine]) -> Mapping[int, str]:
    """The code of each line's seller, as its product names it; empty for the market's own."""
    sold = {line.product_id_sold for line in lines if line.variant is None and line.product_id_sold is not None}
    gone = dict(Product.objects.filter(pk__in=sold).values_list("pk", "merchant_code"))
    codes = {}
    for line in lines:
        if line.variant is not None:
            codes[line.pk] = line.variant.product.merchant_code
        elif line.product_id_sold in gone:
            codes[line.pk] = gone[line.product_id_sold]
        else:
            raise ChangeRefused(
                _("%(product)s is no longer in the catalogue, so nobody can say who sells it.") % {"product": line.name}
            )
    return codes
