"""`manage.py copy_pictures`: give every picture the copies that PICTURE_FORMATS names, as after changing it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from catalog.actions.renditions import ask_for_renditions, make_renditions

A_DAY = 24 * 3600


class Command(BaseCommand):
    """Makes what is missing; copies that exist are kept."""

    help = "Make the copies of pictures that PICTURE_FORMATS names and that do not exist yet."

    def handle(self, *args: Any, **options: Any) -> None:
        ask_for_renditions(formats=settings.PICTURE_FORMATS)
        made = make_renditions(formats=settings.PICTURE_FORMATS, seconds=A_DAY)
        self.stdout.write(f"{made} pictures")
