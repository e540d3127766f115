"""Tags once per order, views of their owner only, holds with somebody who takes care of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import audit
from members.models import User
from orders.actions import open_hold, plan_hold, resolve_hold
from orders.actions.saved_views import drop_view, remember_export, save_view
from orders.actions.tags import change_tag, make_tag, tag_order, untag_order
from orders.desk_errors import (
    ColumnsMissing,
    OwnerUnknown,
    TagNameless,
    TagOutOfUse,
    TagUnknown,
    ViewNameless,
    ViewNameTaken,
    ViewUnknown,
)
from orders.errors import HoldUnknown
from orders.models import ExportChoice, Order, OrderHold, OrderTag, OrderTagging, SavedOrderView
from tests.admin.worlds import unpaid_order

pytestmark = pytest.mark.django_db


def person(name: str, *, is_staff: bool = True) -> User:
    return User.objects.create_user(f"{name}@example.com", "a-long-password", is_staff=is_staff)


def kinds(order: Order) -> list[str]:
    return list(order.events.order_by("pk").values_list("kind", flat=True))


def test_a_word_is_one_tag_whatever_its_capitals_and_spaces() -> None:
    tag = make_tag(name="  Gift   wrap ", tone="brand")

    assert make_tag(name="gift wrap") == tag
    assert (tag.name, tag.tone) == ("Gift wrap", "brand")
    with pytest.raises(TagNameless):
        make_tag(name="  ")
    assert OrderTag.objects.count() == 1


def test_a_tag_is_put_on_once_and_taken_off_once_and_the_history_says_so() -> None:
    order, tag = unpaid_order(), make_tag(name="Gift")
    someone = person("packer")

    with audit.acting_as(someone.pk, "packer"):
        assert tag_order(number=order.number, tag_id=tag.pk) is True
        assert tag_order(number=order.number, tag_id=tag.pk) is False
    assert OrderTagging.objects.get().put_by == someone
    assert untag_order(number=order.number, tag_id=tag.pk) is True
    assert untag_order(number=order.number, tag_id=tag.pk) is False

    assert [kind for kind in kinds(order) if "tagged" in kind] == ["order.tagged", "order.untagged"]
    assert set(order.events.filter(kind="order.tagged").values_list("visibility", flat=True)) == {"internal"}


def test_a_tag_out_of_use_stays_where_it_is_and_is_put_on_no_other_order() -> None:
    order, tag = unpaid_order(), make_tag(name="Gift")
    tag_order(number=order.number, tag_id=tag.pk)
    change_tag(tag_id=tag.pk, tone="warn", in_use=False)

    assert tag_order(number=order.number, tag_id=tag.pk) is False
    untag_order(number=order.number, tag_id=tag.pk)
    with pytest.raises(TagOutOfUse):
        tag_order(number=order.number, tag_id=tag.pk)
    with pytest.raises(TagUnknown):
        tag_order(number=order.number, tag_id=tag.pk + 1)
    assert not OrderTagging.objects.exists()


def test_a_view_is_changed_and_dropped_by_its_owner_only() -> None:
    mine, other = person("mine"), person("other")
    view = save_view(user_id=mine.pk, name="Japan", filters={"market": "jp"}, is_shared=True)

    for deed in (
        lambda: save_view(user_id=other.pk, name="Taken", filters={}, is_shared=False, view_id=view.pk),
        lambda: drop_view(user_id=other.pk, view_id=view.pk),
    ):
        with pytest.raises(ViewUnknown):
            deed()
    view.refresh_from_db()
    assert (view.name, view.filters, view.is_shared) == ("Japan", {"market": "jp"}, True)

    save_view(
        user_id=mine.pk, name="East", filters={"market": "jp", "payment": "paid"}, is_shared=False, view_id=view.pk
    )
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("East", False)
    drop_view(user_id=mine.pk, view_id=view.pk)
    assert not SavedOrderView.objects.exists()


def test_two_people_may_use_one_name_and_one_person_may_not_use_it_twice() -> None:
    mine, other = person("mine"), person("other")
    save_view(user_id=mine.pk, name="Late", filters={}, is_shared=False)
    save_view(user_id=other.pk, name="Late", filters={}, is_shared=False)

    with pytest.raises(ViewNameTaken):
        save_view(user_id=mine.pk, name=" Late ", filters={"hold": "overdue"}, is_shared=False)
    with pytest.raises(ViewNameless):
        save_view(user_id=mine.pk, name=" ", filters={}, is_shared=False)
    assert SavedOrderView.objects.count() == 2


def test_the_last_export_is_remembered_per_person() -> None:
    mine = person("mine")
    remember_export(user_id=mine.pk, format_code="csv", columns=["number", "total"])
    remember_export(user_id=mine.pk, format_code="xlsx", columns=["total", "number"])

    kept = ExportChoice.objects.get()
    assert (kept.format, kept.columns) == ("xlsx", ["total", "number"])
    with pytest.raises(ColumnsMissing):
        remember_export(user_id=mine.pk, format_code="csv", columns=[])


@pytest.mark.parametrize(("kind", "hours"), [("payment_mismatch", 24), ("stock", 48), ("manual", 72)])
def test_a_hold_is_due_by_its_kind(kind: str, hours: int) -> None:
    order = unpaid_order()
    before = timezone.now()

    hold = open_hold(number=order.number, reason="Look", kind=kind)

    assert hold.due_at is not None
    assert before + timedelta(hours=hours) <= hold.due_at <= timezone.now() + timedelta(hours=hours)
    assert not hold.is_overdue(timezone.now())
    assert hold.is_overdue(timezone.now() + timedelta(hours=hours, minutes=1))


def test_somebody_of_the_team_takes_care_of_a_hold_until_a_day() -> None:
    order, owner = unpaid_order(), person("owner")
    hold = open_hold(number=order.number, reason="Look")
    day = timezone.now() + timedelta(days=1)

    plan_hold(hold_id=hold.pk, due_at=day, owner_id=owner.pk)
    plan_hold(hold_id=hold.pk, due_at=day, owner_id=owner.pk)

    hold.refresh_from_db()
    assert (hold.owner, hold.due_at) == (owner, day)
    assert kinds(order).count("hold.planned") == 1


def test_a_customer_takes_care_of_nothing_and_a_closed_hold_is_not_planned() -> None:
    order, shopper = unpaid_order(), person("shopper", is_staff=False)
    hold = open_hold(number=order.number, reason="Look")

    with pytest.raises(OwnerUnknown):
        plan_hold(hold_id=hold.pk, due_at=None, owner_id=shopper.pk)
    with pytest.raises(OwnerUnknown):
        open_hold(number=order.number, reason="Look", owner_id=shopper.pk)
    assert OrderHold.objects.get().owner is None

    resolve_hold(hold_id=hold.pk, resolution="Fine")
    with pytest.raises(HoldUnknown):
        plan_hold(hold_id=hold.pk, due_at=None, owner_id=None)
