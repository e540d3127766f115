"""One group of rows becomes one product, or a list of what is wrong with it."""

from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft, VariantDraft
from catalog.importers import cells
from catalog.importers.drafts import ImportedOption, ImportedPicture, ImportedProduct, ImportedVariant
from catalog.importers.errors import RowProblem, RowsRefused
from catalog.importers.formats import Row, Setting
from catalog.importers.shopify.groups import Group
from catalog.slugs import slug_of

ONLY_TITLE = "title"
STATUSES = {"": "active", "active": "active", "draft": "draft", "archived": "archived", "unlisted": "draft"}


def read_product(group: Group, setting: Setting) -> ImportedProduct:
    """The product of a group. Raises `RowsRefused` naming every cell that keeps it out."""
    _refuse_shape(group)
    first = group.first
    options = _options(group)
    problems: list[RowProblem] = []
    variants = _variants(group, options, setting, problems)
    status = _status(first, problems)
    if problems:
        raise RowsRefused(*problems)
    return ImportedProduct(
        line=first.line,
        draft=_draft(group, setting),
        vendor=first.get("vendor"),
        category_name=first.get("type") or first.get("category").rpartition(">")[2].strip(),
        options=options,
        variants=tuple(variants),
        pictures=_pictures(group),
        status=status,
        is_shipped=any(row.get("requires_shipping").lower() != "false" for row in _variant_rows(group)),
    )


def _refuse_shape(group: Group) -> None:
    first = group.first
    if not group.handle:
        raise RowsRefused(first.wrong("handle", _("The row has no handle, so it belongs to no product.")))
    if group.taken_by is not None:
        raise RowsRefused(
            first.wrong(
                "handle",
                _("The handle belongs to the product on line %(line)d. Give this one a handle of its own.")
                % {"line": group.taken_by},
            )
        )
    if not first.get("title"):
        raise RowsRefused(first.wrong("title", _("The product has no title.")))
    if not slug_of(group.handle):
        raise RowsRefused(first.wrong("handle", _("The handle has no letters or digits.")))


def _variant_rows(group: Group) -> list[Row]:
    return [
        row
        for row in group.rows
        if row is group.first or row.get("price") or row.get("sku") or row.get("option1_value")
    ]


def _options(group: Group) -> tuple[ImportedOption, ...]:
    """The options in the order of the file. A single variant called "Title" has none."""
    rows = _variant_rows(group)
    names = [group.first.get(f"option{n}_name") for n in (1, 2, 3)]
    if len(rows) == 1 and names[0].lower() in ("", ONLY_TITLE):
        return ()
    found = []
    for n, name in enumerate(names, start=1):
        values = tuple(dict.fromkeys(row.get(f"option{n}_value") for row in rows if row.get(f"option{n}_value")))
        if values:
            found.append(ImportedOption(name=name or _("Option %(number)d") % {"number": n}, values=values))
    return tuple(found)


def _variants(
    group: Group, options: tuple[ImportedOption, ...], setting: Setting, problems: list[RowProblem]
) -> list[ImportedVariant]:
    seen: dict[tuple[str, ...], int] = {}
    variants = []
    for position, row in enumerate(_variant_rows(group)):
        values = _values(row, group, options, problems)
        key = tuple(values.values())
        if key in seen:
            problems.append(
                row.wrong(
                    "option1_value",
                    _("This combination of options stands on line %(line)d already.") % {"line": seen[key]},
                )
            )
            continue
        seen[key] = row.line
        variant = _variant(row, position, values, setting, problems)
        if variant is not None:
            variants.append(variant)
    return variants


def _values(row: Row, group: Group, options: tuple[ImportedOption, ...], problems: list[RowProblem]) -> dict[str, str]:
    values = {}
    used = [n for n in (1, 2, 3) if any(other.get(f"option{n}_value") for other in _variant_rows(group))]
    for n, option in zip(used, options, strict=False):
        value = row.get(f"option{n}_value")
        if not value:
            problems.append(
                row.wrong(f"option{n}_value", _("The option “%(name)s” has no value here.") % {"name": option.name})
            )
        values[option.name] = value
    return values


def _variant(
    row: Row, position: int, values: dict[str, str], setting: Setting, problems: list[RowProblem]
) -> ImportedVariant | None:
    read: dict[str, Any] = {}
    for field, reader in (
        ("price", cells.price(setting.currency)),
        ("compare_at", cells.optional_price(setting.currency)),
        ("grams", cells.grams),
        ("quantity", cells.quantity),
        ("hs_code", cells.hs_code),
        ("origin", cells.country),
    ):
        try:
            read[field] = reader(row.get(field))
        except ValueError as wrong:
            problems.append(row.wrong(field, str(wrong)))
    if len(read) < 6:
        return None
    unit = cells.content(row.get("unit_total"), row.get("unit_total_unit"))
    return ImportedVariant(
        line=row.line,
        values=values,
        price=read["price"],
        compare_at=read["compare_at"],
        quantity=read["quantity"],
        picture_url=row.get("variant_image"),
        draft=VariantDraft(
            sku=row.get("sku"),
            gtin=cells.gtin(row.get("barcode")),
            position=position,
            weight_g=read["grams"],
            hs_code=read["hs_code"],
            origin_country=read["origin"],
            content_amount=unit[0] if unit else None,
            content_unit=unit[1] if unit else "",
        ),
    )


def _draft(group: Group, setting: Setting) -> ProductDraft:
    first = group.first

    def words(text: str) -> dict[str, str]:
        return {setting.language: text} if text else {}

    summary = " ".join(strip_tags(first.get("body")).split())
    return ProductDraft(
        code=slug_of(group.handle),
        product_type="physical",
        slugs={setting.language: group.handle},
        tags=tuple(dict.fromkeys(tag.strip()[:80] for tag in first.get("tags").split(",") if tag.strip())),
        texts={
            "name": words(first.get("title")[:200]),
            "description": words(_as_html(first.get("body"))),
            "summary": words(summary if len(summary) <= 300 else summary[:299].rsplit(" ", 1)[0] + "…"),
            "meta_title": words(first.get("seo_title")[:160]),
            "meta_description": words(first.get("seo_description")[:400]),
        },
    )


def _as_html(body: str) -> str:
    if "<" in body and ">" in body:
        return body
    return "".join(f"<p>{part.strip()}</p>" for part in body.split("\n\n") if part.strip())


def _status(first: Row, problems: list[RowProblem]) -> str:
    word = first.get("status").lower()
    if word not in STATUSES:
        problems.append(
            first.wrong(
                "status", _("The status “%(word)s” is not known. Use active, draft or archived.") % {"word": word}
            )
        )
        return "draft"
    is_hidden = first.get("published").lower() == "false"
    return "draft" if is_hidden and STATUSES[word] == "active" else STATUSES[word]


def _pictures(group: Group) -> tuple[ImportedPicture, ...]:
    found: dict[str, tuple[int, ImportedPicture]] = {}
    for place, row in enumerate(group.rows):
        url = row.get("image")
        if url and url not in found:
            position = int(row.get("image_position")) if row.get("image_position").isdecimal() else place + 1
            found[url] = (position, ImportedPicture(line=row.line, url=url, alt=row.get("image_alt")[:200]))
    return tuple(picture for _position, picture in sorted(found.values(), key=lambda pair: pair[0]))
