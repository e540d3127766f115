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
from catalog.importers.sheets import open_sheet
from catalog.importers.shopify.groups import Group, read_groups
from catalog.importers.shopify.products import Setting, read_product
from core.jobs import JobRun
from core.models import JobError
from markets.models import Market

STEP = 20


class _Undo(Exception):
    """Ends a dry run's transaction."""


class ShopifyImport:
    """The kind of job that brings a Shopify product table in. Params: `market`, `language`, `reader`."""

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Bring products in one by one; a killed run goes on behind the last product it has recorded."""
        with override(run.job.params.get("reader", "en")), run.job.file.open("rb") as file:
            table = read_groups(open_sheet(file))
            target, setting = _target(run.job.params)
            counts = Counter(run.checkpoint.get("counts", {}))
            unknown = [] if run.checkpoint else [_unknown(run, title) for title in table.unknown_columns]
            self._bring_in(run, table.groups, target, setting, counts, unknown)
            return {"counts": dict(counts), "unknown_columns": list(table.unknown_columns)}

    def _bring_in(
        self,
        run: JobRun,
        groups: Iterator[Group],
        target: Target,
        setting: Setting,
        counts: Counter[str],
        errors: list[JobError],
    ) -> None:
        done = run.checkpoint.get("line", 0)
        line = done
        for number, group in enumerate(groups, start=1):
            if group.first.line <= done:
                continue
            outcome, problems = import_group(group, target, setting, is_dry_run=run.job.is_dry_run)
            counts[outcome.value] += 1
            errors += [_error(run, problem) for problem in problems]
            line = group.rows[-1].line
            if number % STEP == 0:
                run.advance(progress=line, checkpoint={"line": line, "counts": dict(counts)}, errors=errors)
                errors = []
        run.advance(progress=line, total=line, checkpoint={"line": line, "counts": dict(counts)}, errors=errors)


def import_group(
    group: Group, target: Target, setting: Setting, *, is_dry_run: bool
) -> tuple[Outcome, list[RowProblem]]:
    """One product: what became of it, and what is wrong with or worth knowing of its rows."""
    try:
        imported = read_product(group, setting)
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
    return target, Setting(language=params["language"], currency=market.currency_id)


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
