"""What refers to a row, in any app: asked of the models, so that no app has to be named."""

from collections.abc import Collection, Iterator

from django.db import models


def references_to(row: models.Model, *, but: Collection[type[models.Model]] = ()) -> Iterator[tuple[str, int]]:
    """Each model whose rows refer to this one: (what they are called, how many). One query per relation."""
    counts: dict[str, int] = {}
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel | models.ManyToManyRel):
            continue
        model: type[models.Model] = relation.related_model
        if model in but or model._meta.auto_created:
            continue
        count = model._base_manager.filter(**{relation.field.name: row.pk}).count()
        if count:
            name = str(model._meta.verbose_name_plural)
            counts[name] = counts.get(name, 0) + count
    yield from counts.items()


def relations_to(
    model: type[models.Model], *, but: Collection[type[models.Model]] = ()
) -> list[tuple[type[models.Model], str]]:
    """Every column of any app that refers to a row of this model: (model, name of the column)."""
    found = [each for each in model._meta.get_fields(include_hidden=True) if isinstance(each, models.ManyToOneRel)]
    return [(each.related_model, each.field.attname) for each in found if each.related_model not in but]
