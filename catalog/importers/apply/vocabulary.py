"""Brands, makers, types, tax categories, price lists and markets a file speaks of: found, or made where told."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.actions.prices import PriceListDraft, open_price_list
from catalog.actions.vocabulary import put_brand, put_maker, put_product_type
from catalog.drafts import Words
from catalog.importers.apply.targets import Target, market_list
from catalog.importers.drafts import ImportedBrand, ImportedContact, ImportedPriceList, ImportedType
from catalog.importers.errors import RowsRefused, problem
from catalog.models import Brand, Maker, PriceList, ProductType
from catalog.slugs import slug_of
from markets.models import Market, TaxCategory


@dataclass(frozen=True)
class Named:
    """A row of the vocabulary."""

    pk: int
    code: str


@dataclass(frozen=True)
class ListFacts:
    """A price list."""

    pk: int
    code: str
    currency: str


def tax_category_id(target: Target, code: str, line: int) -> str:
    """The code, when there is such a category. Raises `RowsRefused`."""
    codes: frozenset[str] = target.memory("tax").get(
        "codes", lambda: frozenset(TaxCategory.objects.values_list("pk", flat=True))
    )
    if code not in codes:
        raise RowsRefused(
            problem(line, "tax_category", code, _("There is no tax category “%(code)s”.") % {"code": code})
        )
    return code


def product_type(target: Target, told: ImportedType | None, *, is_shipped: bool | None) -> Named:
    """The type a file names, or goods or virtual as the file says; made where there is none of it yet."""
    if told is None:
        told = (
            ImportedType(code="virtual", name="Virtual", kind="virtual", requires_shipping=False)
            if is_shipped is False
            else ImportedType(code="physical", name="Goods")
        )

    def look() -> Named:
        row = ProductType.objects.filter(code=told.code).first() or put_product_type(
            code=told.code, name=told.name or told.code, kind=told.kind, requires_shipping=told.requires_shipping
        )
        return Named(row.pk, row.code)

    found: Named = target.memory("type").get(told.code, look)
    return found


def brand(target: Target, told: ImportedBrand | None, vendor: str) -> Named | None:
    """The brand with this code, or with this name; made where there is none."""
    name = told.name if told else vendor
    code = (told.code if told else "") or slug_of(name)[:80]
    if not code:
        return None

    def look() -> Named:
        row = Brand.objects.filter(code=code).first() or Brand.objects.filter(name__iexact=name.strip()[:120]).first()
        is_defined = told is not None and bool(told.code)
        if row is None or (is_defined and told and (row.name != told.name[:120] or _lacks_words(row, told.stories))):
            row = put_brand(code=row.code if row else code, name=name[:120] or code, story=told.stories if told else {})
        return Named(row.pk, row.code)

    said = tuple(sorted(told.stories.items())) if told else ()
    found: Named = target.memory("brand").get((code, name, said), look)
    return found


def contact(target: Target, told: ImportedContact, line: int, column: str) -> Named:
    """Who answers for a product, brought to what the file says. Raises `RowsRefused` for one nobody can reach."""
    code = told.code or slug_of(told.name)[:80]

    def look() -> Named:
        known = Maker.objects.filter(code=code).first()
        row = put_maker(
            code=code,
            name=told.name[:160] or (known.name if known else code),
            postal_address=told.postal_address or (known.postal_address if known else ""),
            country=told.country or (known.country if known else ""),
            email=told.email or (known.email if known else ""),
            website=told.website or (known.website if known else ""),
        )
        return Named(row.pk, row.code)

    is_known = target.memory("maker").get(("known", code), lambda: Maker.objects.filter(code=code).exists())
    if not is_known and not (told.email or told.website):
        raise RowsRefused(
            problem(line, column, told.name, _("Whoever answers for a product needs an email address or a website."))
        )
    found: Named = target.memory("maker").get(told, look)
    return found


def open_lists(target: Target, told: tuple[ImportedPriceList, ...]) -> None:
    """Open the price lists that the shop lacks; existing ones stay as operators have set them."""
    for each in told:
        target.memory("opened").get(each, lambda each=each: _open(target, each))  # type: ignore[misc] # bound argument


def _open(target: Target, told: ImportedPriceList) -> bool:
    if PriceList.objects.filter(code=told.code).exists() or told.market not in market_ids(target):
        return False
    parent = told.parent if told.parent and PriceList.objects.filter(code=told.parent).exists() else None
    open_price_list(
        draft=PriceListDraft(
            code=told.code,
            market_code=told.market,
            name=told.name,
            kind=told.kind,
            priority=told.priority,
            audience_key=told.audience_key,
            begins=told.begins,
            ends=told.ends,
            parent=parent,
            adjust_bp=told.adjust_bp if parent else None,
            charm_rule=dict(told.charm_rule) if told.charm_rule else None,
        )
    )
    return True


def price_list(target: Target, *, code: str, market: str, kind: str) -> ListFacts | None:
    """The list by its code, or the list of a market for a kind of price (opened where it is missing)."""

    def look() -> ListFacts | None:
        if code:
            row = PriceList.objects.filter(code=code).first()
        elif market:
            row = market_list(market, kind) if market in market_ids(target) else None
        else:
            row = PriceList.objects.get(pk=target.sale_list_id if kind == "sale" else target.base_list_id)
        return ListFacts(row.pk, row.code, row.currency) if row else None

    found: ListFacts | None = target.memory("list").get((code, market, kind), look)
    return found


def market_ids(target: Target) -> Mapping[str, int]:
    """Every market's id by its code."""
    found: Mapping[str, int] = target.memory("market").get(
        "ids", lambda: dict(Market.objects.values_list("code", "pk"))
    )
    return found


def _lacks_words(row: Brand, stories: Words) -> bool:
    return any(row.text("story", language) != words for language, words in stories.items())
