"""Names and addresses of a category in all languages at once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from modeltrans.conf import get_available_languages, get_default_language

from catalog.actions.categories import LONGEST_NAME
from catalog.actions.routes import route
from catalog.actions.tree import category_order
from catalog.cache import forget_on_commit
from catalog.drafts import Words
from catalog.errors import CategoryRefused, ChangedMeanwhile
from catalog.events import ShelvesChanged
from catalog.models import Category, Route
from catalog.slugs import slug_of
from catalog.translating.noting import note_texts
from catalog.translating.registry import words_of
from core import audit
from core.events import publish


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """How many names and how many addresses are new."""

    names: int
    addresses: int


def slugs_of(category: Category) -> dict[str, str]:
    """Language to present slug. One query."""
    return dict(Route.objects.filter(category=category, current=True).values_list("language", "slug"))


def names_of(category: Category) -> dict[str, str]:
    """Language to its own name; empty where it falls back to another."""
    return {language: words_of(category, "name", language) for language in get_available_languages()}


def words_stamp(names: Words, slugs: Words) -> str:
    """Sixteen letters for what somebody had before them."""
    told = repr((sorted(names.items()), sorted(slugs.items())))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@transaction.atomic
def set_category_words(*, category_id: int, names: Words, slugs: Words, seen: str) -> Renamed:
    """Give names and slugs in every language; an empty name falls back, an empty slug is made from the name.

    Old slugs go on leading to the category. Raises `ChangedMeanwhile` when somebody was faster (`seen` is the stamp
    of what was shown), and `CategoryRefused` with a sentence per field for what is missing, unreadable or taken.
    """
    category = Category.objects.select_for_update(of=("self",)).filter(pk=category_id).first()
    if category is None or words_stamp(old_names := names_of(category), old := slugs_of(category)) != seen:
        raise ChangedMeanwhile
    names = {language: " ".join(words.split()) for language, words in names.items()}
    wanted = {language: slug_of(words) for language, words in slugs.items()}
    problems = _problems(category, names, slugs, wanted)
    if problems:
        raise CategoryRefused(problems)
    category.put_texts({"name": names})
    category.save(update_fields=["name", "i18n"])
    note_texts([category])
    chosen = {language: slug for language, slug in wanted.items() if slug}
    new = _readdressed(category, chosen, old)
    renamed = Renamed(
        names=sum(words != old_names.get(language, "") for language, words in names.items()),
        addresses=sum(old.get(language) not in {None, slug} for language, slug in new.items()),
    )
    if renamed.names or new != old:
        audit.record(
            "catalog.set_category_words", category, data={"names": names, "slugs": new, "before": [old_names, old]}
        )
        forget_on_commit()
        publish(ShelvesChanged(category_ids=(category_id, *category_order().below(category_id))))
    return renamed


def _readdressed(category: Category, chosen: Words, old: Words) -> dict[str, str]:
    """The slugs as they are afterwards. A chosen one is kept to the letter; one not chosen is made from the name."""
    try:
        with transaction.atomic():
            route(target=category, wanted=chosen, exact=chosen.keys())
    except IntegrityError as taken:
        raise ChangedMeanwhile from taken
    return slugs_of(category)


def _problems(category: Category, names: Words, slugs: Words, wanted: Words) -> Mapping[str, str]:
    """Field (`name-de`, `slug-de`) to what is wrong with it."""
    found: dict[str, str] = {}
    for language, words in names.items():
        if len(words) > LONGEST_NAME:
            found[f"name-{language}"] = _("A name has at most %(most)d characters.") % {"most": LONGEST_NAME}
    if not names.get(get_default_language()):
        found[f"name-{get_default_language()}"] = _("The shop's own language needs a name: others fall back to it.")
    for language, slug in wanted.items():
        if slugs[language].strip() and not slug:
            found[f"slug-{language}"] = _("Nothing of this can stand in an address. Use letters and digits.")
    for language, holder, current in _holders(category, wanted):
        sentence = (
            _("This is the address of “%(name)s” already. Choose another one.")
            if current
            else _("This was an address of “%(name)s” and still leads there. Choose another one.")
        )
        found[f"slug-{language}"] = sentence % {"name": holder}
    return found


def _holders(category: Category, wanted: Words) -> list[tuple[str, str, bool]]:
    """Who has one of these addresses: (language, name of the holder, whether it is its present one). One query."""
    rows = (
        Route.objects.filter(language__in=wanted, slug__in=set(wanted.values()) - {""})
        .exclude(category=category)
        .select_related("product", "category")
    )
    return [
        (row.language, (row.product or row.category).text("name", row.language), row.current)  # type: ignore[union-attr]  # one of the two, by a constraint
        for row in rows
        if wanted.get(row.language) == row.slug
    ]
