"""Filters under a name: kept, renamed and dropped by their owner only."""

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from core import audit
from orders.desk_errors import ColumnsMissing, ViewNameless, ViewNameTaken, ViewUnknown
from orders.models import ExportChoice, SavedOrderView


def save_view(
    *, user_id: int, name: str, filters: Mapping[str, str], is_shared: bool, view_id: int | None = None
) -> SavedOrderView:
    """Keep filters under a name, or change the view of this id.

    Raises `ViewNameless`, `ViewNameTaken`, `ViewUnknown`.
    """
    word = " ".join(name.split())[: SavedOrderView._meta.get_field("name").max_length]
    if not word:
        raise ViewNameless
    with transaction.atomic():
        view = SavedOrderView(owner_id=user_id) if view_id is None else own_view(user_id=user_id, view_id=view_id)
        view.name, view.is_shared, view.filters = word, is_shared, dict(filters)
        try:
            with transaction.atomic():
                view.save()
        except IntegrityError:
            raise ViewNameTaken from None
        audit.record("orders.save_view", view, data={"name": word, "shared": is_shared, "filters": dict(filters)})
    return view


def drop_view(*, user_id: int, view_id: int) -> None:
    """Forget a view; the orders stay as they are. Raises `ViewUnknown`."""
    with transaction.atomic():
        view = own_view(user_id=user_id, view_id=view_id)
        audit.record("orders.drop_view", view, data={"name": view.name})
        view.delete()


def own_view(*, user_id: int, view_id: int) -> SavedOrderView:
    """A view of this person, locked. Raises `ViewUnknown`."""
    found = SavedOrderView.objects.select_for_update().filter(pk=view_id, owner_id=user_id).first()
    if found is None:
        raise ViewUnknown
    return found


def remember_export(*, user_id: int, format_code: str, columns: Sequence[str]) -> ExportChoice:
    """What this person exported last, for the next time. Raises `ColumnsMissing`."""
    if not columns:
        raise ColumnsMissing
    kept, _made = ExportChoice.objects.update_or_create(
        user_id=user_id, defaults={"format": format_code, "columns": list(columns)}
    )
    return kept
