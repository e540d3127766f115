"""Slugs and their history."""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from modeltrans.conf import get_available_languages

from catalog.models import Category, Product, Route
from catalog.slugs import slug_of

Place = tuple[str, str]
"""(language, slug)"""


def route(
    *, target: Product | Category, wanted: Mapping[str, str], keep: Collection[str] = (), exact: Collection[str] = ()
) -> bool:
    """Give `target` a current slug in every language; slugs it had stay and lead to it. True when one moved.

    A slug that another thing has gets the target's code or a number at its end. The languages of `keep` stay at the
    slug they have, unless `wanted` names one; the others are made from the name where none is wanted. In the languages
    of `exact` a present slug with such an ending gives way to the wanted one as soon as that is free.
    """
    with transaction.atomic():
        rows = Route.objects.select_for_update().filter(**_owner(target)).order_by("pk")
        mine = {(row.language, row.slug): row for row in rows}
        now = {row.language: row for row in mine.values() if row.current}
        moving = {
            language: base
            for language, base in _bases(target, wanted).items()
            if language not in now
            or not (now[language].slug == base if language in exact else is_same_slug(now[language].slug, base, target))
            if language not in now or wanted.get(language) or language not in keep
        }
        if not moving:
            return False
        others = {place: base for place, base in moving.items() if (place, base) not in mine}
        taken = _taken(_candidates(target, others))
        fresh = []
        for language, base in moving.items():
            slug = base if (language, base) in mine else _free(target, language, base, taken)
            fresh += _move(target, mine, now.get(language), (language, slug))
        Route.objects.bulk_create(fresh)
        return True


def route_new(*, products: Sequence[tuple[Product, Mapping[str, str]]]) -> None:
    """Slugs for products that have none yet, many at the cost of one. Each comes with the slugs it wants."""
    bases = [(product, _bases(product, wanted)) for product, wanted in products]
    taken = _taken([place for product, wanted in bases for place in _candidates(product, wanted)])
    rows = []
    for product, wanted in bases:
        for language, base in wanted.items():
            slug = _free(product, language, base, taken)
            taken.add((language, slug))
            rows.append(Route(language=language, slug=slug, product=product))
    Route.objects.bulk_create(rows)


def names_of(target: Product | Category) -> dict[str, str]:
    """What it is called in each language, falling back as pages do."""
    return {language: target.text("name", language) for language in get_available_languages()}


def unmoved_names(before: Mapping[str, str], target: Product | Category) -> list[str]:
    """The languages in which it is called what it was: their slugs stay, chosen ones too."""
    return [language for language, name in names_of(target).items() if before.get(language) == name]


def is_same_slug(now: str, base: str, target: Product | Category) -> bool:
    """Whether the present slug is the wanted one, perhaps with the ending that made it unique."""
    endings = ("", f"-{slug_of(target.code)}", f"-{target.pk}")
    return any(now == f"{base}{ending}"[:160] for ending in endings)


def _owner(target: Product | Category) -> dict[str, Product | Category]:
    return {"product" if isinstance(target, Product) else "category": target}


def _bases(target: Product | Category, wanted: Mapping[str, str]) -> dict[str, str]:
    return {
        language: slug_of(wanted.get(language, "")) or _slug_from_name(target, language)
        for language in get_available_languages()
    }


def _slug_from_name(target: Product | Category, language: str) -> str:
    return slug_of(target.text("name", language)) or slug_of(str(target.code)) or str(target.pk)


def _move(target: Product | Category, mine: dict[Place, Route], now: Route | None, to: Place) -> list[Route]:
    """Make `to` the current slug; returns the row to add, if there is none yet."""
    if now is not None:
        now.current = False
        now.save(update_fields=["current"])
    old = mine.get(to)
    if old is None:
        language, slug = to
        return [Route(language=language, slug=slug, **_owner(target))]
    old.current = True
    old.save(update_fields=["current"])
    return []


def _candidates(target: Product | Category, bases: Mapping[str, str]) -> list[Place]:
    return [(language, slug) for language, base in bases.items() for slug in _spellings(target, base)]


def _spellings(target: Product | Category, base: str) -> list[str]:
    return [base, f"{base}-{slug_of(target.code)}"[:160], f"{base}-{target.pk}"]


def _taken(places: Collection[Place]) -> set[Place]:
    if not places:
        return set()
    languages, slugs = {language for language, _slug in places}, {slug for _language, slug in places}
    rows = Route.objects.filter(language__in=languages, slug__in=slugs)
    return set(rows.values_list("language", "slug"))


def _free(target: Product | Category, language: str, base: str, taken: Collection[Place]) -> str:
    spellings = _spellings(target, base)
    free = (slug for slug in spellings if (language, slug) not in taken)
    return next(free, f"{base}-{target.pk}-{sum((language, slug) in taken for slug in spellings)}")
