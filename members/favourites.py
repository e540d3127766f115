"""What members mark with the heart. A guest's marks live in the session and come along at signing in."""

from collections.abc import Sequence

from django.db import transaction

from catalog.models import Product
from members.models import Favourite

MOST = 200


def keep_favourites(*, user_id: int, product_ids: Sequence[int]) -> int:
    """Mark products, the first one as the latest; unknown ones and those above the most one may have are left out.

    Returns how many are new.
    """
    known = set(Product.objects.filter(pk__in=product_ids[:MOST]).values_list("pk", flat=True))
    wanted = [pk for pk in dict.fromkeys(reversed(product_ids)) if pk in known]
    with transaction.atomic():
        mine = set(favourite_ids(user_id))
        new = [pk for pk in wanted if pk not in mine][: max(0, MOST - len(mine))]
        Favourite.objects.bulk_create([Favourite(user_id=user_id, product_id=pk) for pk in new], ignore_conflicts=True)
    return len(new)


def drop_favourite(*, user_id: int, product_id: int) -> bool:
    """Take the mark off. True when there was one."""
    return Favourite.objects.filter(user_id=user_id, product_id=product_id).delete()[0] > 0


def favourite_ids(user_id: int) -> list[int]:
    """The marked products, the latest first."""
    rows = Favourite.objects.filter(user_id=user_id).order_by("-added", "-pk")
    return list(rows.values_list("product_id", flat=True)[:MOST])
