"""Labels that were bought, and parcels that were handed to somebody else's warehouse."""

from typing import ClassVar

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet
from core.transitions import Transitions
from inventory.models.carriers import CarrierAccount


def private_files() -> Storage:
    """Where files lie that no address leads to."""
    return storages["private"]


class LabelState(models.TextChoices):
    """Where a label stands. `asked` means that its carrier may have made it already."""

    ASKED = "asked", pgettext_lazy("label", "Being bought")
    BOUGHT = "bought", pgettext_lazy("label", "Bought")
    REFUSED = "refused", pgettext_lazy("label", "Refused")
    CANCEL_ASKED = "cancel_asked", pgettext_lazy("label", "Being given back")
    CANCELED = "canceled", pgettext_lazy("label", "Given back")


STANDING = (LabelState.ASKED, LabelState.BOUGHT, LabelState.CANCEL_ASKED)
"""States in which a parcel has a label, or may have one."""


class LabelRecord(Transitions, TimeStamped):
    """One label of a parcel: asked for under a key of its own, bought once, kept as it came."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            LabelState.ASKED: {LabelState.BOUGHT, LabelState.REFUSED},
            LabelState.BOUGHT: {LabelState.CANCEL_ASKED},
            LabelState.CANCEL_ASKED: {LabelState.CANCELED, LabelState.BOUGHT},
            LabelState.REFUSED: set(),
            LabelState.CANCELED: set(),
        }
    }

    parcel_ref = models.CharField(_("parcel"), max_length=40, db_index=True)
    order_ref = models.CharField(_("order"), max_length=64, db_index=True)
    warehouse_code = models.CharField(_("warehouse"), max_length=20)
    account = models.ForeignKey(
        CarrierAccount, verbose_name=_("carrier account"), on_delete=models.PROTECT, related_name="+"
    )
    carrier = models.CharField(_("carrier"), max_length=80)
    service = models.CharField(_("service"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=LabelState.choices, default=LabelState.ASKED)
    op_key = models.CharField(max_length=120, unique=True, editable=False)
    weight_g = models.PositiveIntegerField(_("weight, g"))
    country = models.CharField(_("to"), max_length=2)
    tracking_no = models.CharField(_("tracking number"), max_length=80, blank=True)
    tracking_url = models.URLField(_("tracking page"), max_length=500, blank=True)
    carrier_ref = models.CharField(_("carrier's reference"), max_length=200, blank=True)
    format = models.CharField(_("format"), max_length=3, choices=CarrierAccount.Format.choices, blank=True)
    file = models.FileField(_("file"), upload_to="labels/%Y/%m/", storage=private_files, blank=True)
    size = models.PositiveIntegerField(_("size"), default=0)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    cost = money_field(verbose_name=_("cost"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    bought_at = models.DateTimeField(_("bought"), null=True, blank=True)
    printed_at = models.DateTimeField(_("printed"), null=True, blank=True)
    refusal = models.CharField(_("why not"), max_length=500, blank=True)
    manifest_ref = models.CharField(_("handed over with"), max_length=80, blank=True, db_index=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parcel_ref"],
                condition=Q(state__in=["asked", "bought", "cancel_asked"]),
                name="label_one_stands",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "refused"]) | (Q(size__gt=0) & ~Q(sha256="") & ~Q(file="")),
                name="label_file_is_whole",
            ),
            models.CheckConstraint(condition=Q(state__in=LabelState.values), name="label_state_known"),
            exponent_check("cost", "label_cost_minor_units"),
        ]
        indexes = [
            models.Index(
                fields=["warehouse_code", "bought_at"],
                name="label_to_hand_over",
                condition=Q(state="bought", manifest_ref=""),
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_no or f"{self.parcel_ref}: {self.state}"


class PushState(models.TextChoices):
    """Where a parcel stands that somebody else packs."""

    WAITING = "waiting", pgettext_lazy("parcel at another warehouse", "To be sent over")
    SENT = "sent", pgettext_lazy("parcel at another warehouse", "Sent over")
    ACCEPTED = "accepted", pgettext_lazy("parcel at another warehouse", "Accepted")
    SHIPPED = "shipped", pgettext_lazy("parcel at another warehouse", "Left")
    REFUSED = "refused", pgettext_lazy("parcel at another warehouse", "Refused")
    CANCEL_WAITING = "cancel", pgettext_lazy("parcel at another warehouse", "To be called back")
    CANCELED = "canceled", pgettext_lazy("parcel at another warehouse", "Called back")


PUSHING = (PushState.WAITING, PushState.CANCEL_WAITING)
"""States in which something is still to be sent over."""


class ParcelPush(Transitions, TimeStamped):
    """A parcel that a third party's warehouse packs for us: what it was told, and what it answered."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            PushState.WAITING: {PushState.SENT, PushState.REFUSED, PushState.CANCELED},
            PushState.SENT: {
                PushState.ACCEPTED,
                PushState.SHIPPED,
                PushState.REFUSED,
                PushState.CANCEL_WAITING,
                PushState.CANCELED,
            },
            PushState.ACCEPTED: {PushState.SHIPPED, PushState.REFUSED, PushState.CANCEL_WAITING, PushState.CANCELED},
            PushState.CANCEL_WAITING: {PushState.CANCELED, PushState.SHIPPED, PushState.REFUSED},
            PushState.SHIPPED: set(),
            PushState.REFUSED: {PushState.WAITING, PushState.CANCELED},
            PushState.CANCELED: {PushState.WAITING},
        }
    }

    parcel_ref = models.CharField(_("parcel"), max_length=40, unique=True)
    order_ref = models.CharField(_("order"), max_length=64, db_index=True)
    account = models.ForeignKey(
        CarrierAccount, verbose_name=_("carrier account"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=PushState.choices, default=PushState.WAITING)
    content = models.JSONField(_("what it is told"), default=dict)
    then_content = models.JSONField(_("what it is told once it is called back"), null=True, blank=True)
    """A parcel that changed after it was sent over: it is called back, and sent over anew as it is now."""
    round = models.PositiveSmallIntegerField(_("time"), default=1)
    """The how manyeth time it is sent over; a part of its key there: a new order is not taken for the old one."""
    external_ref = models.CharField(_("number there"), max_length=120, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("parcel at another warehouse")
        verbose_name_plural = _("parcels at other warehouses")
        ordering = ["-pk"]
        permissions = [("push_parcel", _("Can send parcels over to other warehouses"))]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PushState.values), name="parcel_push_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="parcel_push_due", condition=Q(state__in=["waiting", "cancel"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parcel_ref}: {self.state}"
