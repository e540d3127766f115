"""The variants of one product as a whole: options come and go, missing combinations are made."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from catalog.actions.derived import mark_dirty
from catalog.combinations import Combination, Pool, check_pattern, combination_of, count_missing, sku_from, walk_missing
from catalog.errors import ChangedMeanwhile, OptionInUse, OptionMismatch, SkusTaken, TooManyVariants
from catalog.events import ProductChanged
from catalog.models import OptionType, OptionValue, Product, ProductOption, Variant, VariantOption
from catalog.sql import execute
from core import audit
from core.events import publish

MOST_VARIANTS = 2000
LONGEST_SIGNATURE = 400
COPIED = (
    "weight_g", "length_mm", "width_mm", "height_mm", "content_amount", "content_unit", "hs_code", "origin_country",
    "customs_description", "battery_flag", "restricted_flags", "purchase_limit", "max_cart_qty",
)  # fmt: skip
ADD_TO_SIGNATURES = """
UPDATE catalog_variant SET updated = now(),
  signature = array_to_string(ARRAY(SELECT part FROM unnest(array_append(
    string_to_array(NULLIF(signature, ''), ','), %s)) part ORDER BY part COLLATE "C"), ','),
  value_ids = ARRAY(SELECT v FROM unnest(array_append(value_ids, %s)) v ORDER BY v)
WHERE product_id = %s
"""
TAKE_FROM_SIGNATURES = """
UPDATE catalog_variant SET updated = now(),
  signature = array_to_string(ARRAY(SELECT part FROM unnest(string_to_array(NULLIF(signature, ''), ',')) part
    WHERE split_part(part, '=', 1) <> %s ORDER BY part COLLATE "C"), ','),
  value_ids = ARRAY(SELECT v FROM unnest(value_ids) v WHERE v <> ALL(%s) ORDER BY v)
WHERE product_id = %s
"""


@dataclass(frozen=True, kw_only=True)
class Missing:
    """The combinations of a product that do not exist: how many, and the means to walk them."""

    product: Product
    pools: tuple[Pool, ...]
    existing: frozenset[Combination]
    variants: int
    count: int

    @property
    def room(self) -> int:
        """How many more variants the product may have."""
        return max(MOST_VARIANTS - self.variants, 0)

    def skus(self, pattern: str, most: int) -> list[tuple[Combination, str]]:
        """The first `most` of them with the SKUs they would get. Raises `PatternProblem`."""
        check_pattern(pattern, [pool.option for pool in self.pools])
        numbered = zip(range(most), walk_missing(self.pools, self.existing), strict=False)
        return [
            (one, sku_from(pattern, code=self.product.code, values=self.values(one), number=self.variants + at + 1))
            for at, one in numbered
        ]

    def values(self, one: Combination) -> dict[str, str]:
        """A combination as option to value."""
        return {pool.option: value for pool, value in zip(self.pools, one, strict=True)}


def find_missing(*, product: Product, chosen: Mapping[str, Sequence[str]]) -> Missing:
    """What is missing among the chosen values (option code to value codes). Two queries.

    Raises `OptionMismatch` when an option of the product has no value chosen.
    """
    codes = list(product.options.order_by("position", "pk").values_list("option_type__code", flat=True))
    pools = tuple(Pool(option=code, values=tuple(dict.fromkeys(chosen.get(code, ())))) for code in codes)
    if not pools or not all(pool.values for pool in pools):
        raise OptionMismatch
    rows = list(product.variants.values_list("signature", "status"))
    live = (parsed(signature) for signature, status in rows if status != Variant.Status.ARCHIVED)
    existing = frozenset(one for one in (combination_of(values, pools) for values in live) if one is not None)
    return Missing(
        product=product, pools=pools, existing=existing, variants=len(rows), count=count_missing(pools, existing)
    )


def taken_skus(*, product: Product, skus: Sequence[str]) -> list[str]:
    """Those of the SKUs that cannot be given: another variant has them, or they come up twice."""
    twice = {sku for sku, count in Counter(skus).items() if count > 1}
    used = Variant.objects.filter(merchant_code=product.merchant_code, sku__in=skus).values_list("sku", flat=True)
    return sorted({*twice, *used})


@transaction.atomic
def create_missing(
    *,
    product_id: int,
    chosen: Mapping[str, Sequence[str]],
    pattern: str,
    expected: int,
    status: str = Variant.Status.DRAFT,
    like_id: int | None = None,
) -> int:
    """Make every missing combination of the chosen values a variant, or none. Returns how many.

    `expected` is the number a person was shown: another number raises `ChangedMeanwhile`. Facts other than SKU and
    GTIN are those of the variant `like_id`. Raises `TooManyVariants`, `SkusTaken`, `PatternProblem`, `OptionMismatch`.
    """
    product = Product.objects.lock().get(pk=product_id)
    missing = find_missing(product=product, chosen=chosen)
    if missing.count != expected:
        raise ChangedMeanwhile
    if missing.count > missing.room:
        raise TooManyVariants(most=MOST_VARIANTS)
    named = missing.skus(pattern, missing.count)
    taken = taken_skus(product=product, skus=[sku for _one, sku in named])
    if taken:
        raise SkusTaken(taken)
    like = product.variants.filter(pk=like_id).first() if like_id else None
    _make(missing, named, status, like)
    audit.record("catalog.create_missing", product, data={"count": len(named), "pattern": pattern})
    _announce(product)
    return len(named)


def _make(missing: Missing, named: list[tuple[Combination, str]], status: str, like: Variant | None) -> None:
    product = missing.product
    options = list(product.options.select_related("option_type").order_by("position", "pk"))
    values = _values_of(missing.pools, options)
    facts = {name: getattr(like, name) for name in COPIED} if like else {}
    rows, chosen = [], []
    for at, (one, sku) in enumerate(named):
        picked = [values[option.option_type_id, code] for option, code in zip(options, one, strict=True)]
        pairs = sorted(f"{option.option_type.code}={code}" for option, code in zip(options, one, strict=True))
        rows.append(
            Variant(
                product=product,
                merchant_code=product.merchant_code,
                sku=sku,
                status=status,
                position=missing.variants + at,
                signature=",".join(pairs),
                value_ids=sorted(picked),
                **facts,
            )
        )
        chosen.append(picked)
    Variant.objects.bulk_create(rows, batch_size=500)
    VariantOption.objects.bulk_create(
        (
            _link(variant, option, value)
            for variant, picked in zip(rows, chosen, strict=True)
            for option, value in zip(options, picked, strict=True)
        ),
        batch_size=1000,
    )


def _values_of(pools: Sequence[Pool], options: Sequence[ProductOption]) -> dict[tuple[int, str], int]:
    """The ids of the pools' values by type and code. Raises `OptionMismatch` for one that does not exist."""
    codes = {code for pool in pools for code in pool.values}
    rows = OptionValue.objects.filter(option_type__in=[option.option_type_id for option in options], code__in=codes)
    found = {(row.option_type_id, row.code): row.pk for row in rows}
    wanted = {
        (option.option_type_id, code) for option, pool in zip(options, pools, strict=True) for code in pool.values
    }
    if wanted - found.keys():
        raise OptionMismatch
    return found


def _link(variant: Variant, option: ProductOption, value_id: int) -> VariantOption:
    return VariantOption(
        variant=variant,
        product_option=option,
        option_value_id=value_id,
        product_id=option.product_id,
        option_type_id=option.option_type_id,
    )


@transaction.atomic
def add_option(*, product_id: int, option_type: str, default_value: str) -> ProductOption:
    """One more option for a product; every variant there is gets the default value.

    Raises `OptionMismatch` when the product has the option or the value is not of it.
    """
    product = Product.objects.lock().get(pk=product_id)
    kind = OptionType.objects.get(code=option_type)
    value = OptionValue.objects.filter(option_type=kind, code=default_value).first()
    if value is None or product.options.filter(option_type=kind).exists():
        raise OptionMismatch
    part = f"{kind.code}={value.code}"
    signatures = product.variants.values_list("signature", flat=True)
    if max((len(signature) for signature in signatures), default=0) + len(part) >= LONGEST_SIGNATURE:
        raise OptionMismatch
    last = product.options.order_by("-position").values_list("position", flat=True).first()
    option = ProductOption.objects.create(product=product, option_type=kind, position=0 if last is None else last + 1)
    VariantOption.objects.bulk_create(
        (_link(variant, option, value.pk) for variant in product.variants.all()), batch_size=1000
    )
    execute(ADD_TO_SIGNATURES, [part, value.pk, product.pk])
    audit.record("catalog.add_option", product, data={"option": kind.code, "value": value.code})
    _announce(product)
    return option


@transaction.atomic
def remove_option(*, product_id: int, option_type: str) -> None:
    """Take an option away. Raises `OptionInUse` while variants differ by it: they would become the same."""
    product = Product.objects.lock().get(pk=product_id)
    option = product.options.get(option_type__code=option_type)
    chosen = VariantOption.objects.filter(product_option=option)
    live = chosen.exclude(variant__status=Variant.Status.ARCHIVED)
    if live.order_by().values("option_value_id").distinct().count() > 1:
        raise OptionInUse
    values = list(chosen.order_by().values_list("option_value_id", flat=True).distinct())
    chosen.delete()
    option.delete()
    execute(TAKE_FROM_SIGNATURES, [option_type, values, product.pk])
    audit.record("catalog.remove_option", product, data={"option": option_type})
    _announce(product)


def parsed(signature: str) -> dict[str, str]:
    """A variant's signature as option to value."""
    parts = (part.partition("=") for part in signature.split(",") if part)
    return {option: value for option, _sign, value in parts}


def _announce(product: Product) -> None:
    mark_dirty(product_ids=[product.pk])
    publish(ProductChanged(product_ids=(product.pk,)))
