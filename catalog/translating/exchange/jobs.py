"""Exports and imports of translations as jobs: in bounded memory, cancellable, an import resumable after a kill."""

import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.importers.errors import FileRefused
from catalog.importers.reading.archives import copy, temporary
from catalog.importers.reading.guards import archive_of
from catalog.translating.exchange.bringing import Brought, Outcome, bring_texts
from catalog.translating.exchange.tables import csv_head, csv_row, read_csv
from catalog.translating.exchange.units import Incoming, Unit, batches_of
from catalog.translating.exchange.xliff import EMPTY_UNIT, read_xliff, xliff_foot, xliff_head, xliff_unit
from catalog.translating.matching import TextFilter
from catalog.translating.registry import source_language, target_languages
from core.jobs import JobRun
from core.models import JobError, JobItem

STEP = 20
"""Rows of the catalogue between two steps."""
MOST_TOLD = 5_000
"""So many changes are kept word by word; the counts always say all."""
ZIP = b"PK\x03\x04"
SHOWN = 4_000


class TranslationExport:
    """Writes texts of a filter. Params: `format` (`xliff` or `csv`), `languages`, `filter`, `reader`.

    XLIFF is one document per language; several come in a ZIP. The file is the job's own.
    """

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Write everything; an export that was killed begins again."""
        params = run.job.params
        languages = [code for code in params["languages"] if code in target_languages()]
        with override(params.get("reader", "en")), ExitStack() as stack:
            is_xliff = params["format"] == "xliff"
            outs: dict[str, IO[bytes]] = {
                code: stack.enter_context(TemporaryFile()) for code in (languages if is_xliff else ["texts"])
            }
            count = _write(run, TextFilter.of(params["filter"]), languages, outs)
            name, content = _packed(outs, stack.enter_context(TemporaryFile()), "xlf" if is_xliff else "csv")
            content.seek(0)
            run.job.file.save(name, File(content), save=False)
            run.job.save(update_fields=["file"])
            return {"counts": {"texts": count}, "file": name}


class TranslationImport:
    """Takes texts back. Params: `may_approve` (of the person who started it), `reader`."""

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Text by text behind the last one recorded."""
        params = run.job.params
        with override(params.get("reader", "en")), run.job.file.open("rb") as file:
            done = int(run.checkpoint.get("texts", 0))
            counts = Counter(run.checkpoint.get("counts", {}))
            texts = read_texts(file)
            rest = (text for number, text in enumerate(texts, start=1) if number > done)
            groups = bring_texts(rest, may_approve=bool(params.get("may_approve")), is_dry_run=run.job.is_dry_run)
            while True:
                with transaction.atomic():
                    part = list(chain.from_iterable(islice(groups, STEP)))
                    if not part:
                        break
                    done = self._record(run, part, done, counts)
                run.stop_if_asked()
            return {"counts": {each.value: counts[each.value] for each in Outcome}}

    @staticmethod
    def _record(run: JobRun, part: list[Brought], seen: int, counts: Counter[str]) -> int:
        """In the transaction that stored them: a kill in between does nothing twice."""
        errors: list[JobError] = []
        items: list[JobItem] = []
        for each in part:
            seen += 1
            counts[each.outcome.value] += 1
            mark = f"{each.incoming.mark} {each.incoming.language}"
            if each.outcome is Outcome.REFUSED:
                errors.append(run.error(line=each.incoming.line, column=mark, value=each.new, message=each.sentence))
            elif each.outcome is not Outcome.UNCHANGED and seen <= MOST_TOLD:
                items.append(_item(run, each, seen, mark))
        run.record(progress=seen, checkpoint={"texts": seen, "counts": dict(counts)}, errors=errors, items=items)
        return seen


def read_texts(file: IO[bytes]) -> Iterator[Incoming]:
    """The texts of an XLIFF or CSV file, or of several in a ZIP. Raises `FileRefused`."""
    start = file.read(4)
    file.seek(0)
    if start.startswith(ZIP):
        yield from _zipped(file)
    else:
        yield from _of_file(file)


def _zipped(file: IO[bytes]) -> Iterator[Incoming]:
    with archive_of(file) as archive:
        names = [entry for entry in archive.infolist() if entry.filename.lower().endswith((".xlf", ".xliff", ".csv"))]
        if not names:
            raise FileRefused(_("There is no XLIFF and no CSV file in the archive."))
        for entry in names:
            with archive.open(entry) as packed, temporary() as content:
                copy(packed, content)
                yield from _of_file(content)


def _of_file(file: IO[bytes]) -> Iterator[Incoming]:
    start = file.read(1024)
    file.seek(0)
    looks_like_xml = start.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t").startswith((b"<", b"\x00<"))
    yield from read_xliff(file) if looks_like_xml else read_csv(file)


def _write(run: JobRun, asked: TextFilter, languages: list[str], outs: dict[str, IO[bytes]]) -> int:
    for code, out in outs.items():
        out.write((csv_head() if code == "texts" else xliff_head(source_language(), code)).encode())
    written: Counter[str] = Counter()
    for seen, batch in batches_of(asked, languages):
        for language, units in batch.items():
            out = outs.get(language) or outs["texts"]
            out.write("".join(map(_as_text(is_xliff="texts" not in outs), units)).encode())
            written[language] += len(units)
        run.advance(progress=seen)
    for code, out in outs.items():
        if code != "texts":
            out.write(("" if written[code] else EMPTY_UNIT).encode() + xliff_foot().encode())
    return sum(written.values())


def _as_text(*, is_xliff: bool) -> Callable[[Unit], str]:
    return xliff_unit if is_xliff else csv_row


def _packed(outs: Mapping[str, IO[bytes]], pack: IO[bytes], ending: str) -> tuple[str, IO[bytes]]:
    if len(outs) == 1:
        code, content = next(iter(outs.items()))
        return (f"translations.{ending}" if code == "texts" else f"translations-{code}.{ending}"), content
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as archive:
        for code, out in outs.items():
            out.seek(0)
            with archive.open(f"translations-{code}.{ending}", "w", force_zip64=True) as inner:
                while chunk := out.read(1 << 20):
                    inner.write(chunk)
    return "translations.zip", pack


def _item(run: JobRun, each: Brought, number: int, mark: str) -> JobItem:
    return JobItem(
        job=run.job,
        number=number,
        outcome=each.outcome.value,
        title=each.name[:200],
        lines=[each.incoming.line],
        changes=[[mark, "", each.old[:SHOWN], each.new[:SHOWN]]],
    )
