"""`manage.py check_market_ready CODE [--json]`: what a market lacks before it may open."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from markets.models import Market
from markets.readiness import Readiness, readiness_of


class Command(BaseCommand):
    help = "Measures a market against its bars. Ends with 1 when it is below one of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        market = Market.objects.filter(code=options["code"].lower()).first()
        if market is None:
            raise CommandError(f"There is no market {options['code']}.")
        found = readiness_of(market)
        if options["as_json"]:
            self.stdout.write(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
        else:
            self._tell(found)
        if not found.is_ready:
            below = ", ".join(area.code for area in found.blocking)
            raise CommandError(f"{found.market} is not ready: {below}", returncode=1)

    def _tell(self, found: Readiness) -> None:
        for area in found.areas:
            mark = "ok  " if area.is_ready else "LOW "
            count = f"{area.measure.done} of {area.measure.total}"
            self.stdout.write(f"{mark} {area.percent:>3}% (bar {area.bar}%) {area.title}: {count}")
            for lack in area.measure.lacks:
                self.stdout.write(f"       - {lack.sentence}")
            if area.measure.more:
                self.stdout.write(f"       - and {area.measure.more} more")
        if found.is_ready:
            self.stdout.write(f"{found.market} is ready.")
