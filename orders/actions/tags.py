"""Put tags on orders and take them off, each once, written in the order's history."""

from django.db import IntegrityError, transaction

from core import audit
from orders.actions.trail import lock_order, write_event
from orders.desk_errors import TagNameless, TagOutOfUse, TagUnknown
from orders.models import OrderTag, OrderTagging, TagTone


def make_tag(*, name: str, tone: str = TagTone.PLAIN) -> OrderTag:
    """A tag of this word: the one there is, whatever its capitals, or a new one. Raises `TagNameless`."""
    word = " ".join(name.split())[: OrderTag._meta.get_field("name").max_length]
    if not word:
        raise TagNameless
    with transaction.atomic():
        found = OrderTag.objects.filter(name__iexact=word).first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                tag = OrderTag.objects.create(name=word, tone=tone)
        except IntegrityError:
            return OrderTag.objects.get(name__iexact=word)
        audit.record("orders.make_tag", tag, data={"name": word})
    return tag


def change_tag(*, tag_id: int, tone: str, in_use: bool) -> OrderTag:
    """How it looks, and whether it can still be put on orders. Raises `TagUnknown`."""
    with transaction.atomic():
        tag = OrderTag.objects.select_for_update().filter(pk=tag_id).first()
        if tag is None:
            raise TagUnknown
        tag.tone, tag.in_use = TagTone(tone), in_use
        tag.save(update_fields=["tone", "in_use", "updated"])
        audit.record("orders.change_tag", tag, data={"tone": tag.tone, "in_use": in_use})
    return tag


def tag_order(*, number: str, tag_id: int) -> bool:
    """Put the tag on the order; whether it was not there before. Raises `TagUnknown`, `TagOutOfUse`."""
    tag = _tag(tag_id)
    with transaction.atomic():
        order = lock_order(number)
        if OrderTagging.objects.filter(order=order, tag=tag).exists():
            return False
        if not tag.in_use:
            raise TagOutOfUse
        OrderTagging.objects.create(order=order, tag=tag, put_by_id=audit.current_actor().user_id)
        write_event(order, "order.tagged", tag=tag.name)
        audit.record("orders.tag_order", order, data={"tag": tag.name})
    return True


def untag_order(*, number: str, tag_id: int) -> bool:
    """Take the tag off the order; whether it was there. Raises `TagUnknown`."""
    tag = _tag(tag_id)
    with transaction.atomic():
        order = lock_order(number)
        removed, _rows = OrderTagging.objects.filter(order=order, tag=tag).delete()
        if not removed:
            return False
        write_event(order, "order.untagged", tag=tag.name)
        audit.record("orders.untag_order", order, data={"tag": tag.name})
    return True


def _tag(tag_id: int) -> OrderTag:
    found = OrderTag.objects.filter(pk=tag_id).first()
    if found is None:
        raise TagUnknown
    return found
