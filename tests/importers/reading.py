"""Read a file of another system without a database: what its format makes of it."""

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile

from catalog.importers.drafts import ImportedProduct
from catalog.importers.errors import RowsRefused
from catalog.importers.formats import ImportFormat, Setting
from catalog.importers.reading.opening import How, open_source
from core.jobs import run_job, start_job
from core.models import Job
from markets.models import Language, Market
from tests.factories.inventory import a_warehouse
from tests.factories.markets import small_world

DATA = Path(__file__).parents[3] / "shared" / "data"
EURO = Setting(language="en", currency="EUR", market="de")


@dataclass(frozen=True)
class Understood:
    """The products of a file, and the refusals as (line, column, sentence)."""

    products: list[ImportedProduct]
    refusals: list[tuple[int, str, str]]

    @property
    def only(self) -> ImportedProduct:
        assert self.refusals == []
        (product,) = self.products
        return product

    def by_code(self, code: str) -> ImportedProduct:
        (product,) = [each for each in self.products if each.draft.code == code]
        return product

    @property
    def notes(self) -> list[tuple[int, str, str]]:
        return [(n.line, n.column, n.message) for each in self.products for n in each.notes]


def understand(
    reading: ImportFormat, content: bytes | str, setting: Setting = EURO, *, name: str = "file.csv"
) -> Understood:
    """Everything the format reads in the file."""
    raw = content.encode() if isinstance(content, str) else content
    products, refusals = [], []
    with open_source(BytesIO(raw), name, reading, How()) as opened:
        for unit in reading.read(opened.source, setting):
            try:
                products.append(unit.read())
            except RowsRefused as refusal:
                refusals += [(p.line, p.column, p.message) for p in refusal.problems]
    return Understood(products, refusals)


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """A ZIP of these files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def table(*rows: dict[str, str], separator: str = ",") -> str:
    """A CSV with every column that occurs."""
    titles = list(dict.fromkeys(title for row in rows for title in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, titles, delimiter=separator, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def a_shop() -> None:
    """Markets with euro, dollar and yen, the storefront's languages, and a warehouse."""
    small_world("de", "us", "jp")
    for code, name in settings.LANGUAGES:
        Language.objects.get_or_create(code=code, defaults={"native_name": name})
    a_warehouse("LEJ", market=Market.objects.get(code="de"))


def bring_in(
    code: str, content: bytes | str, *, name: str = "file.csv", market: str = "de", language: str = "en"
) -> Job:
    """Run the import as the admin does."""
    raw = content.encode() if isinstance(content, str) else content
    job = start_job(
        kind="import.catalogue",
        title="test",
        params={"format": code, "market": market, "language": language, "reader": "en"},
        file=ContentFile(raw, name=name),
    )
    return run_job(job.pk)


def counts(job: Job) -> dict[str, int]:
    assert job.state == Job.State.DONE, job.failure
    return {name: count for name, count in job.result["counts"].items() if count}


def complaints(job: Job) -> list[tuple[int, str, str]]:
    return [(e.line, e.column, e.message) for e in job.errors.filter(level="refused")]


def twice(
    code: str, content: bytes, *, name: str = "file.csv", market: str = "de", language: str = "en"
) -> tuple[dict[str, int], dict[str, int]]:
    """The counts of a first and a second run of the same file."""
    runs = [bring_in(code, content, name=name, market=market, language=language) for _ in range(2)]
    return counts(runs[0]), counts(runs[1])
