"""What of the warehouse floor waits for a person. Imported by `orders.chores`."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.chores import Chore, register
from orders.floor.work import parcels_to_hand_over, parcels_to_label, parcels_to_pack, shorts_to_decide
from orders.models import Fulfillment, Handover, HandoverState


def _closed_boxes() -> QuerySet[Fulfillment]:
    return parcels_to_label().order_by()


def _late_boxes() -> QuerySet[Fulfillment]:
    """Boxes that should have left before today: their carrier came without them, or did not come."""
    return parcels_to_hand_over().filter(packing__labeled_at__date__lt=timezone.now().date()).order_by()


register(
    Chore(
        key="shorts",
        permission="orders.view_shortpick",
        rows=shorts_to_decide,
        since="created",
        due="due_at",
        title=_("Missing pieces to decide"),
        sentence=_("A picker did not find what stock says is there, and a parcel waits for it."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:floor_shorts",
        is_urgent=True,
        place=45,
    ),
    Chore(
        key="totes",
        permission="orders.pack_parcel",
        rows=parcels_to_pack,
        since="updated",
        title=_("Totes to pack"),
        sentence=_("Their goods were picked."),
        button=pgettext_lazy("button in the work queue", "Pack"),
        url_name="admin:floor",
        place=51,
    ),
    Chore(
        key="boxes",
        permission="orders.pack_parcel",
        rows=_closed_boxes,
        since="updated",
        title=_("Boxes without a number"),
        sentence=_("They are closed and need a label."),
        button=pgettext_lazy("button in the work queue", "Label"),
        url_name="admin:floor",
        place=52,
    ),
    Chore(
        key="left_behind",
        permission="orders.hand_over_parcels",
        rows=_late_boxes,
        since="updated",
        title=_("Boxes that were left behind"),
        sentence=_("They were ready before today, and no carrier has taken them."),
        button=pgettext_lazy("button in the work queue", "Hand over"),
        url_name="admin:floor",
        is_urgent=True,
        place=46,
    ),
    Chore(
        key="open_handovers",
        permission="orders.view_handover",
        rows=lambda: Handover.objects.filter(state=HandoverState.OPEN),
        since="created",
        title=_("Hand-overs that were interrupted"),
        sentence=_("Some parcels of the list have left, others wait. Go on with it."),
        button=pgettext_lazy("button in the work queue", "Go on"),
        url_name="admin:orders_handover_changelist",
        query="state__exact=open",
        place=47,
    ),
)
