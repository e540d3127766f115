"""The import as a job: streaming, resumable, cancellable, with every refused row on record."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.actions.prices import PriceListDraft, open_price_list
from catalog.importers.apply import Outcome, Target, apply_product
from catalog.importers.errors import FileRefused, RowProblem, RowsRefused
from catalog.importers.formats import Setting, Unit
from catalog.importers.reading.opening import How, open_source
from catalog.importers.registry import import_format
from core.jobs import JobRun
from core.models import JobError
from markets.models import Market

STEP = 20


class _Undo(Exception):
    """Ends a dry run's transaction."""


class CatalogueImport:
    """The kind of job that brings a catalogue in. Params: `format`, `market`, `language`, `mapping`, `reader`."""

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Bring products in one by one; a killed run goes on behind the last product it has recorded."""
        params = run.job.params
        reading = import_format(params["format"])
        how = How(
            mapping=params.get("mapping") or {},
            encoding=params.get("encoding", ""),
            sheet=params.get("sheet", ""),
        )
        name = run.job.file.name or ""
        with (
            override(params.get("reader", "en")),
            run.job.file.open("rb") as file,
            open_source(file, name, reading, how) as opened,
        ):
            target, setting = _target(params)
            units = reading.read(opened.source, setting)
            counts = Counter(run.checkpoint.get("counts", {}))
            notes = [] if run.checkpoint else [_unknown(run, title) for title in opened.unknown_columns]
            self._bring_in(run, units, target, counts, notes)
            return {"counts": dict(counts), "unknown_columns": list(opened.unknown_columns)}

    def _bring_in(
        self, run: JobRun, units: Iterator[Unit], target: Target, counts: Counter[str], errors: list[JobError]
    ) -> None:
        done = run.checkpoint.get("units", 0)
        number, line = done, 0
        for number, unit in enumerate(units, start=1):
            if number <= done:
                continue
            outcome, problems = import_unit(unit, target, is_dry_run=run.job.is_dry_run)
            counts[outcome.value] += 1
            errors += [_error(run, problem) for problem in problems]
            line = unit.lines[-1]
            if number % STEP == 0:
                run.advance(progress=line, checkpoint={"units": number, "counts": dict(counts)}, errors=errors)
                errors = []
        line = line or run.job.progress
        run.advance(progress=line, total=line, checkpoint={"units": number, "counts": dict(counts)}, errors=errors)


def import_unit(unit: Unit, target: Target, *, is_dry_run: bool) -> tuple[Outcome, list[RowProblem]]:
    """One product: what became of it, and what is wrong with or worth knowing of its rows."""
    try:
        imported = unit.read()
        if is_dry_run:
            return _try_out(lambda: apply_product(imported, target).outcome), list(imported.notes)
        applied = apply_product(imported, target)
    except RowsRefused as refusal:
        return Outcome.REFUSED, list(refusal.problems)
    return applied.outcome, [*imported.notes, *applied.notes]


def _try_out(act: Any) -> Outcome:
    """Do it and take it back."""
    found: list[Outcome] = []
    try:
        with transaction.atomic():
            found.append(act())
            raise _Undo
    except _Undo:
        return found[0]


def _target(params: Mapping[str, Any]) -> tuple[Target, Setting]:
    market = Market.objects.filter(code=params["market"], active=True).first()
    if market is None:
        raise FileRefused(_("There is no active market “%(code)s”.") % {"code": params["market"]})
    base = open_price_list(draft=PriceListDraft(code=f"{market.code}-base", market_code=market.code, name="Ordinary"))
    sale = open_price_list(
        draft=PriceListDraft(code=f"{market.code}-import-sale", market_code=market.code, name="Sale", kind="sale")
    )
    target = Target(language=params["language"], base_list_id=base.pk, sale_list_id=sale.pk)
    return target, Setting(language=params["language"], currency=market.currency_id, market=market.code)


def _unknown(run: JobRun, title: str) -> JobError:
    return run.error(line=1, column=title, message=_("This column is not known and was left alone."), is_note=True)


def _error(run: JobRun, problem: RowProblem) -> JobError:
    return run.error(
        line=problem.line,
        column=problem.column,
        value=problem.value,
        message=problem.message,
        is_note=problem.is_note,
    )
