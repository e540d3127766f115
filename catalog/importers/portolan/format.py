"""The format's entry: what it knows, and its products."""

from collections.abc import Iterator, Sequence
from functools import partial

from django.conf import settings
from django.utils.translation import gettext as _

from catalog.importers.drafts import ImportedProduct
from catalog.importers.errors import FileRefused, RowsRefused
from catalog.importers.formats import CERTAIN, LIKELY, NO, Field, Head, Kind, Setting, Source, TableFormat, Unit
from catalog.importers.portolan.columns import COLUMNS, Per, title_of
from catalog.importers.portolan.groups import Group, Header, parts_of
from catalog.importers.portolan.products import Table, read_product
from catalog.importers.portolan.words import Vocabulary
from catalog.models import AttributeDef, PriceList
from markets.models import Market

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


def _fields() -> tuple[Field, ...]:
    """What a column can be said to mean: names, and names per language."""
    found = []
    for column in COLUMNS:
        if column.per in (Per.NOTHING, Per.LIST):
            found.append(Field(column.name, column.name, required=column.name == "product"))
        elif column.per is Per.LANGUAGE:
            codes = (f"{column.name}[{code}]" for code, _name in settings.LANGUAGES)
            found += [Field(code, code) for code in codes]
    return tuple(found)


class PortolanFormat(TableFormat):
    """Our own table, as the exports write it."""

    code = "portolan"
    label = "Portolan CSV or XLSX"
    kind = Kind.TABLE
    fields: Sequence[Field] = _fields()

    def meaning_of(self, title: str) -> str | None:
        """The title in its plain spelling; languages the shop does not have are not known."""
        found = title_of(title)
        if found is None:
            return None
        per_language = {column.name for column in COLUMNS if column.per in (Per.LANGUAGE, Per.NUMBER_LANGUAGE)}
        is_foreign = found.name in per_language and bool(found.parts) and found.parts[-1] not in LANGUAGES
        return None if is_foreign else found.code

    def recognises(self, head: Head) -> int:
        """Certain when a column names the product and most others are ours as well."""
        names = [found.name if (found := title_of(title)) else "" for title in head.columns if title.strip()]
        if head.kind is not Kind.TABLE or "product" not in names:
            return NO
        return CERTAIN if sum(map(bool, names)) * 10 >= len(names) * 6 else LIKELY

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per product. Raises `FileRefused` without the column that says which product a row is of."""
        header = Header.of(source.columns)
        if "product" not in header.families:
            raise FileRefused(_("This is not a Portolan table: it needs the column “product”."))
        table = Table(
            header=header,
            words=Vocabulary(header, setting.language),
            setting=setting,
            currencies={
                **dict(PriceList.objects.values_list("code", "currency")),
                **{f"market:{code}": currency for code, currency in Market.objects.values_list("code", "currency_id")},
            },
            data_types=dict(AttributeDef.objects.values_list("code", "data_type")),
        )
        return self._units(source, table)

    def _units(self, source: Source, table: Table) -> Iterator[Unit]:
        for part in parts_of(source.rows):
            if isinstance(part, Group):
                yield Unit(part.code, tuple(row.line for row in part.rows), partial(read_product, part, table))
                continue
            try:
                table.words.add(part)
            except RowsRefused as refusal:
                yield Unit(f"{part.get('row')} {part.get('code')}", (part.line,), partial(_refuse, refusal))


def _refuse(refusal: RowsRefused) -> ImportedProduct:
    """A word that cannot be read is refused in its place, like a product."""
    raise refusal
