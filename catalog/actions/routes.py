"""Slugs and their history."""

from collections.abc import Mapping

from django.db import transaction
from modeltrans.conf import get_available_languages

from catalog.models import Category, Product, Route
from catalog.slugs import slug_of


def route(*, target: Product | Category, wanted: Mapping[str, str]) -> bool:
    """Give `target` a current slug in every language; slugs it had stay and lead to it. True when one moved.

    A slug that another thing has gets the target's code or a number at its end.
    """
    with transaction.atomic():
        mine = _routes_of(target)
        moved = False
        for language in get_available_languages():
            base = slug_of(wanted.get(language, "")) or _slug_from_name(target, language)
            moved |= _move(target, mine, language, base)
        return moved


def _routes_of(target: Product | Category) -> dict[tuple[str, str], Route]:
    rows = Route.objects.select_for_update().filter(**_owner(target)).order_by("pk")
    return {(row.language, row.slug): row for row in rows}


def _owner(target: Product | Category) -> dict[str, Product | Category]:
    return {"product" if isinstance(target, Product) else "category": target}


def _slug_from_name(target: Product | Category, language: str) -> str:
    return slug_of(target.text("name", language)) or slug_of(str(target.code)) or str(target.pk)


def _move(target: Product | Category, mine: dict[tuple[str, str], Route], language: str, base: str) -> bool:
    now = next((row for (code, _), row in mine.items() if code == language and row.current), None)
    if now is not None and _same(now.slug, base, target):
        return False
    slug = base if (language, base) in mine else _free(target, language, base)
    if now is not None:
        now.current = False
        now.save(update_fields=["current"])
    old = mine.get((language, slug))
    if old is None:
        mine[language, slug] = Route.objects.create(language=language, slug=slug, **_owner(target))
    else:
        old.current = True
        old.save(update_fields=["current"])
    return True


def _same(now: str, base: str, target: Product | Category) -> bool:
    """Whether the present slug is the wanted one, perhaps with the ending that made it unique."""
    endings = ("", f"-{slug_of(target.code)}", f"-{target.pk}")
    return any(now == f"{base}{ending}"[:160] for ending in endings)


def _free(target: Product | Category, language: str, base: str) -> str:
    candidates = [base, f"{base}-{slug_of(target.code)}"[:160], f"{base}-{target.pk}"]
    taken = set(Route.objects.filter(language=language, slug__in=candidates).values_list("slug", flat=True))
    return next((slug for slug in candidates if slug not in taken), f"{base}-{target.pk}-{len(taken)}")
