"""Imports of customs and tax tables as jobs that a person starts and watches."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from core.jobs import JobRun
from core.models import JobItem
from markets.importing.running import import_table

KIND = "tables.import"


class TableImport:
    """The kind of job. Params: `table`, `name` of the file, `as_of`, the day from which changes hold."""

    def run(self, run: JobRun) -> Mapping[str, Any]:
        """Read the whole file, then write all of it or nothing. A run after a kill begins anew: it is idempotent."""
        params = run.job.params
        with run.job.file.open("rb") as file:
            content = file.read()
        run.stop_if_asked()
        with transaction.atomic():
            report = import_table(
                table=params["table"],
                content=content,
                name=params["name"],
                as_of=date.fromisoformat(params["as_of"]),
                dry_run=run.job.is_dry_run,
            )
            run.job.errors.all().delete()
            run.job.items.all().delete()
            run.record(
                progress=len(content),
                total=len(content),
                errors=[
                    run.error(line=one.line, column=one.column, value=one.value, message=one.message)
                    for one in report.refused
                ],
                items=[
                    JobItem(
                        job=run.job,
                        number=number,
                        outcome=one.step,
                        title=one.key[:200],
                        changes=[{"old": one.old, "new": one.new}],
                    )
                    for number, one in enumerate(report.differences, start=1)
                ],
            )
        return {**vars(report.count), "refused": len(report.refused)}
