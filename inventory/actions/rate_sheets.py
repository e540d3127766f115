"""Bringing in what a carrier charges."""

import hashlib
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from inventory.carriers.tables.sheet import read_sheet
from inventory.errors import SheetUnreadable
from inventory.models import CarrierAccount, RateRow, RateSheet


def import_rate_sheet(*, account: CarrierAccount, name: str, content: bytes, valid_from: date) -> RateSheet:
    """A sheet that counts from a day on, whole or not at all; the same content for the same day is brought in once.

    Raises `SheetUnreadable`, which names the lines; also when another sheet begins on that day.
    """
    try:
        rows = read_sheet(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SheetUnreadable((_("it is not text in UTF-8"),)) from None
    checksum = hashlib.sha256(content).hexdigest()
    known = RateSheet.objects.filter(account=account, valid_from=valid_from).first()
    if known is not None and known.sha256 == checksum:
        return known
    try:
        with transaction.atomic():
            sheet = RateSheet.objects.create(
                account=account, name=name[:120], valid_from=valid_from, sha256=checksum, row_count=len(rows)
            )
            RateRow.objects.bulk_create(
                [
                    RateRow(
                        sheet=sheet,
                        service=row.service,
                        service_name=row.service_name,
                        zone=row.zone,
                        countries=list(row.countries),
                        is_domestic=row.is_domestic,
                        is_international=row.is_international,
                        above_g=row.above_g,
                        up_to_g=row.up_to_g,
                        longest_mm=row.sides_mm[0],
                        middle_mm=row.sides_mm[1],
                        shortest_mm=row.sides_mm[2],
                        amount=row.amount,
                        days_min=row.days[0],
                        days_max=row.days[1],
                    )
                    for row in rows
                ],
                batch_size=1000,
            )
            audit.record("inventory.import_rate_sheet", sheet, data={"rows": len(rows)})
    except IntegrityError:
        raise SheetUnreadable((_("another sheet of this account begins on that day"),)) from None
    return sheet
