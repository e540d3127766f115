"""`manage.py check_vectors FILE…`: run worked cases through the code that the checkout uses."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.vectors.asking import ask
from config.vectors.running import Outcome, run_file


class Command(BaseCommand):
    help = "Runs files of worked cases through the shop's own engine and says which do not hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file of worked cases (JSON)")

    def handle(self, *args: Any, **options: Any) -> None:
        found: list[Outcome] = []
        for path in options["files"]:
            try:
                found += run_file(path, ask)
            except (OSError, ValueError, KeyError) as trouble:
                raise CommandError(f"{path} is not a file of worked cases: {trouble!r}") from trouble
        failed = [one for one in found if one.state == "failed"]
        for one in failed:
            self.stdout.write(f"{one.case_id} {one.title}\n  expected {one.expected}\n  answered {one.answer}")
        skipped: dict[str, list[str]] = {}
        for one in found:
            if one.state == "skipped":
                skipped.setdefault(one.reason, []).append(one.case_id)
        for reason, ids in skipped.items():
            self.stdout.write(f"Not asked ({len(ids)}), {reason}: {', '.join(ids)}")
        passed = sum(one.state == "passed" for one in found)
        self.stdout.write(f"{passed} passed, {len(failed)} failed")
        if failed:
            raise SystemExit(1)
