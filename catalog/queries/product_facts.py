"""Fact lists of a product page: details, dimensions, and what safety law wants seen. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.measures import size_text, weight_text
from catalog.models import Maker, Product, ProductAttribute
from catalog.queries.product_rows import VariantRow
from catalog.types import Fact
from catalog.units import measured
from markets.names import country_name


def details_of(
    rows: Iterable[ProductAttribute], variant: VariantRow | None, language: str, units: str = "metric"
) -> tuple[Fact, ...]:
    """Structured details in the market's units, and where the thing was made."""
    facts = list(_attributes(rows, "details", language, units))
    if variant is not None and variant.origin_country:
        facts.append(Fact(_("Made in"), country_name(variant.origin_country, language)))
    return tuple(facts)


def dimensions_of(
    rows: Iterable[ProductAttribute], variant: VariantRow | None, language: str, units: str
) -> tuple[Fact, ...]:
    """Size and weight of the variant in the market's units, and dimensions that are structured details."""
    facts = list(_attributes(rows, "dimensions", language, units))
    if variant is not None:
        sides = [side for side in (variant.length_mm, variant.width_mm, variant.height_mm) if side]
        if sides:
            facts.append(Fact(_("Size"), size_text(sides, units)))
        if variant.weight_g:
            facts.append(Fact(_("Weight"), weight_text(variant.weight_g, units)))
    return tuple(facts)


def safety_of(product: Product, rows: Iterable[ProductAttribute], sku: str, language: str) -> tuple[Fact, ...]:
    """Maker, responsible person, model and warnings (EU 2023/988 article 19)."""
    facts = []
    if product.maker is not None:
        facts.append(Fact(_("Manufacturer"), _contact(product.maker, language)))
    if product.responsible_person is not None:
        facts.append(Fact(_("Responsible person in the EU"), _contact(product.responsible_person, language)))
    facts.append(Fact(_("Model"), product.model_code or sku))
    facts.extend(_attributes(rows, "safety", language))
    facts.extend(Fact(_("Warning"), line) for line in lines(product.text("safety_warnings", language)))
    return tuple(facts) if len(facts) > 1 else ()


def lines(text: str) -> tuple[str, ...]:
    """The non-empty lines of a text."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _contact(maker: Maker, language: str) -> str:
    address = ", ".join(lines(maker.postal_address))
    return ", ".join(
        part
        for part in (maker.name, address, country_name(maker.country, language), maker.email or maker.website)
        if part
    )


def _attributes(rows: Iterable[ProductAttribute], section: str, language: str, units: str = "metric") -> Iterator[Fact]:
    grouped: dict[int, tuple[str, list[str]]] = {}
    for row in rows:
        if row.attribute.section == section:
            label = row.attribute.text("name", language)
            grouped.setdefault(row.attribute_id, (label, []))[1].append(attribute_value(row, language, units))
    for label, values in grouped.values():
        # Translators: what separates the items of a short list, such as "oak, walnut".
        yield Fact(label, pgettext("between items", ", ").join(values))


def attribute_value(row: ProductAttribute, language: str, units: str = "metric") -> str:
    """What a product has of an attribute, in words; a number in the market's units where its own has another there."""
    if row.option is not None:
        return row.option.text("name", language)
    if row.bool_value is not None:
        return pgettext("answer", "Yes") if row.bool_value else pgettext("answer", "No")
    if row.number is not None:
        return measured(row.number, row.attribute.unit, units)
    if row.date_value is not None:
        return date_format(row.date_value, "DATE_FORMAT")
    return row.text("text_value", language) or ""


def joined(parts: Sequence[str]) -> str:
    """Option values in words: "Ink · 0.9 l"."""
    return " · ".join(parts)
