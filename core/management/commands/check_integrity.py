"""`manage.py check_integrity`: prove that the shop's numbers agree with each other."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import integrity
from core.models import IntegrityRun


class Command(BaseCommand):
    """Runs every registered check on one snapshot and says what does not hold. Repairs nothing."""

    help = "Check stock, order, payment and ledger invariants; exits 1 when one does not hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--only", default="", help="code prefixes, for example P,S")
        parser.add_argument("--json", action="store_true", help="print findings as JSON")
        parser.add_argument("--fail-on", choices=["critical", "high"], default="high")

    def handle(self, **options: Any) -> None:
        """Run, print, store the run, and fail on violations."""
        prefixes = tuple(part for part in options["only"].split(",") if part)
        checks = [check for check in integrity.registered() if not prefixes or check.code.startswith(prefixes)]
        run = IntegrityRun.objects.create()
        findings = integrity.run(checks)
        run.found = {finding.check.code: finding.count for finding in findings}
        run.is_clean = not any(finding.count for finding in findings)
        run.finished = timezone.now()
        run.save()
        self.stdout.write(_as_json(findings) if options["json"] else _as_text(findings))
        grave = {"critical"} if options["fail_on"] == "critical" else {"critical", "high"}
        broken = [finding.check.code for finding in findings if finding.count and finding.check.severity in grave]
        if broken:
            raise CommandError(f"{len(broken)} of {len(findings)} checks found something: {', '.join(broken)}")


def _as_text(findings: list[integrity.Finding]) -> str:
    lines = []
    for finding in findings:
        mark = "ok  " if not finding.count else "FAIL"
        lines.append(f"{mark} {finding.check.code:<6} {finding.check.sentence}")
        if finding.count:
            lines.append(f"       {finding.count} found: {', '.join(finding.examples)}")
    return "\n".join(lines)


def _as_json(findings: list[integrity.Finding]) -> str:
    rows = [
        {"code": f.check.code, "severity": f.check.severity, "count": f.count, "examples": f.examples} for f in findings
    ]
    return json.dumps(rows, indent=1)
