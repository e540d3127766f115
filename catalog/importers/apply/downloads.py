"""Terms of downloads a file tells. The files and keys themselves never travel in a table."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from catalog.actions.downloads import set_download_terms
from catalog.importers.apply.words import shown
from catalog.importers.drafts import ImportedVariant
from catalog.importers.errors import RowProblem, RowsRefused, problem
from catalog.importers.outcomes import FieldChange
from catalog.models import DownloadTerms, Product, Variant, VariantFile

FACTS = {"most_downloads": "downloads_most", "days": "download_days", "gives_keys": "licence_keys"}
DEFAULTS = {"most_downloads": None, "days": None, "gives_keys": False}


def bring_downloads(
    product: Product, told: Sequence[tuple[Variant, ImportedVariant]], notes: list[RowProblem]
) -> list[FieldChange]:
    """Set the terms the file tells, and note files that are not here. Returns what moved; raises `RowsRefused`."""
    mine = [(variant, each) for variant, each in told if each.downloads is not None]
    if not mine:
        return []
    ids = [variant.pk for variant, _each in mine]
    terms = {row.variant_id: row for row in DownloadTerms.objects.filter(variant__in=ids)}
    files: dict[int, set[str]] = {}
    for pk, name in VariantFile.objects.filter(variant__in=ids, withdrawn=False).values_list("variant_id", "name"):
        files.setdefault(pk, set()).add(name)
    changes: list[FieldChange] = []
    for variant, each in mine:
        if product.product_type.requires_shipping:
            sentence = _("Files belong to virtual products. This product is sent.")
            raise RowsRefused(problem(each.line, "download", variant.sku, sentence))
        changes += _bring(variant, each, terms.get(variant.pk))
        notes += _missing(each, files.get(variant.pk, set()))
    return changes


def _bring(variant: Variant, each: ImportedVariant, row: DownloadTerms | None) -> list[FieldChange]:
    told = each.downloads
    if told is None:
        return []
    now = {name: getattr(row, name, default) for name, default in DEFAULTS.items()}
    wanted = {name: getattr(told, name) if name in told.told else now[name] for name in FACTS}
    moved = [name for name in FACTS if wanted[name] != now[name]]
    if moved:
        set_download_terms(
            variant_id=variant.pk,
            most_downloads=wanted["most_downloads"],
            days=wanted["days"],
            gives_keys=bool(wanted["gives_keys"]),
        )
    return [
        FieldChange(field=FACTS[name], sku=variant.sku, old=shown(now[name]), new=shown(wanted[name])) for name in moved
    ]


def _missing(each: ImportedVariant, files: set[str]) -> list[RowProblem]:
    told = each.downloads
    sentence = _("This file is not here. Add it to the product under Downloads.")
    missing = [name for name in told.files if name not in files] if told else []
    return [problem(each.line, "download", name, sentence, is_note=True) for name in missing]
