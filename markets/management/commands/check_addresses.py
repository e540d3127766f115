"""`manage.py check_addresses FOLDER`: print addresses of worked cases and say which are not as expected, and why."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from markets.address_cases import compare_folder


class Command(BaseCommand):
    help = "Compares printed addresses with a folder of cases (YAML per country). Ends with 1 for unexplained ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--quiet", action="store_true", help="counts only")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["folder"].is_dir():
            raise CommandError(f"{options['folder']} is not a folder.")
        found = list(compare_folder(options["folder"]))
        for one in found:
            if one.reason and not options["quiet"]:
                self.stdout.write(f"{one.country} {one.number}: {one.reason}")
                if one.in_scope:
                    self.stdout.write(f"    expected {' | '.join(one.expected)}\n    printed  {' | '.join(one.got)}")
        alike = sum(one.is_alike for one in found)
        in_scope = sum(one.in_scope for one in found)
        self.stdout.write(f"{len(found)} cases: {alike} as expected of {in_scope} in scope")
        for reason, count in Counter(one.reason for one in found if one.reason).most_common():
            self.stdout.write(f"{count:>5}  {reason}")
        unexplained = [one for one in found if one.in_scope and one.reason.endswith("no reason we know")]
        if unexplained:
            raise CommandError(f"{len(unexplained)} addresses are printed otherwise, for no reason we know.")
