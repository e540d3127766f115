"""Which goods had no right of withdrawal on the day they were sold: read once, kept with the line."""

from collections.abc import Collection

from catalog.models import Variant
from orders.returning.rules import exception_of


def exceptions_of(variant_ids: Collection[int]) -> dict[int, str]:
    """By variant the exception that holds today; variants without one are not named. One query."""
    rows = Variant.objects.filter(pk__in=variant_ids).exclude(restricted_flags=[]).values_list("pk", "restricted_flags")
    found = {pk: exception_of(flags) for pk, flags in rows}
    return {pk: name for pk, name in found.items() if name}
