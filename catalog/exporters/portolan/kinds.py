"""Cells of pre-sales and downloads. Licence keys and the files themselves never leave the shop in a table."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from catalog.models import DownloadTerms, Presale, VariantFile

Cell = str | int | Decimal
Row = dict[str, Cell]


def kind_cells(variant_ids: Sequence[int]) -> dict[int, Row]:
    """By variant; three queries. A pre-sale that is over is no longer told."""
    found: defaultdict[int, Row] = defaultdict(dict)
    for presale in Presale.objects.filter(variant__in=variant_ids, released_at=None):
        found[presale.variant_id] |= {
            "presale_from": presale.release_on.isoformat(),
            "presale_warehouse": presale.warehouse_code,
            "presale_most": _maybe(presale.most_in_all),
            "presale_per_order": _maybe(presale.most_per_order),
            "presale_per_customer": _maybe(presale.most_per_customer),
        }
    for terms in DownloadTerms.objects.filter(variant__in=variant_ids):
        found[terms.variant_id] |= {
            "downloads_most": _maybe(terms.most_downloads),
            "download_days": _maybe(terms.days),
            "licence_keys": "yes" if terms.gives_keys else "no",
        }
    names: defaultdict[int, list[str]] = defaultdict(list)
    for file in VariantFile.objects.filter(variant__in=variant_ids, withdrawn=False).order_by("position", "pk"):
        names[file.variant_id].append(file.name)
    for pk, mine in names.items():
        found[pk] |= {f"download[{number}]": name for number, name in enumerate(mine, start=1)}
    return dict(found)


def _maybe(value: int | None) -> Cell:
    return "" if value is None else value
