"""Work on the warehouse floor: rounds along the shelves, what is taken for which parcel, and what was not there."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions
from orders.models.fulfillment import Fulfillment
from orders.models.line import OrderLine


class WaveState(models.TextChoices):
    """Where a pick wave stands."""

    OPEN = "open", pgettext_lazy("pick wave", "Not begun")
    PICKING = "picking", pgettext_lazy("pick wave", "Under way")
    PICKED = "picked", pgettext_lazy("pick wave", "Picked")
    CANCELED = "canceled", pgettext_lazy("pick wave", "Canceled")


WAVES_RUNNING = frozenset({WaveState.OPEN, WaveState.PICKING})


class PickWave(Transitions, TimeStamped):
    """One round along the shelves of a warehouse for one parcel or several, each with a tote of its own."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            WaveState.OPEN: {WaveState.PICKING, WaveState.CANCELED},
            WaveState.PICKING: {WaveState.PICKED, WaveState.CANCELED},
            WaveState.PICKED: set(),
            WaveState.CANCELED: set(),
        }
    }

    number = models.CharField(_("number"), max_length=20, unique=True)
    warehouse_code = models.CharField(_("warehouse"), max_length=40)
    warehouse_name = models.CharField(max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=WaveState.choices, default=WaveState.OPEN)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    picker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("picked by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pick wave")
        verbose_name_plural = _("pick waves")
        ordering = ("-pk",)
        permissions = [
            ("plan_wave", _("Can put parcels together for picking")),
            ("pick_wave", _("Can pick goods and say what is missing")),
            ("pack_parcel", _("Can check and pack parcels")),
            ("pack_unchecked", _("Can pack parcels whose goods were not all scanned")),
            ("hand_over_parcels", _("Can hand parcels over to carriers")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(state__in=WaveState.values), name="orders_wave_state_known"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["warehouse_code"], name="orders_wave_running", condition=Q(state__in=["open", "picking"])
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_running(self) -> bool:
        """Whether somebody still has to walk."""
        return self.state in WAVES_RUNNING


class WaveParcel(models.Model):
    """A parcel in a wave and the number of its tote. A parcel is in one running wave at most (`is_open`)."""

    wave = models.ForeignKey(PickWave, on_delete=models.PROTECT, related_name="parcels")
    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.PROTECT, related_name="wave_parcels")
    tote = models.PositiveSmallIntegerField(_("tote"))
    is_open = models.BooleanField(default=True)
    out_because = models.CharField(max_length=200, blank=True)
    """Why it was taken out while the wave went on: its pieces go back to their shelves."""

    class Meta:
        verbose_name = _("parcel of a wave")
        verbose_name_plural = _("parcels of waves")
        ordering = ("wave", "tote")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["wave", "tote"], name="orders_wave_tote_once"),
            models.UniqueConstraint(
                fields=["fulfillment"], condition=Q(is_open=True), name="orders_parcel_in_one_wave"
            ),
            models.CheckConstraint(condition=Q(tote__gt=0), name="orders_wave_tote_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}/{self.tote}"


class PickTask(models.Model):
    """So many pieces of one shelf for one parcel. `ref` is how stock knows the line, or the component of a set.

    Every piece is taken (`picked`), was not there (`missing`), or is still to be taken.
    """

    parcel = models.ForeignKey(WaveParcel, on_delete=models.PROTECT, related_name="tasks")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=52)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    sku = models.CharField(_("article number"), max_length=80)
    name = models.CharField(_("name"), max_length=300)
    options_text = models.CharField(max_length=300, blank=True)
    shelf = models.CharField(_("shelf"), max_length=30, blank=True)
    quantity = models.PositiveIntegerField(_("pieces"))
    picked = models.PositiveIntegerField(_("taken"), default=0)
    missing = models.PositiveIntegerField(_("not there"), default=0)
    batches = models.JSONField(default=list, blank=True, db_default=[], editable=False)
    """Which batches the pieces are taken of, as pairs of name and pieces; empty where no batches are kept."""

    class Meta:
        verbose_name = _("pick")
        verbose_name_plural = _("picks")
        ordering = ("shelf", "sku", "parcel__tote")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["parcel", "ref"], name="orders_pick_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("picked") + F("missing")), name="orders_pick_within_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} x {self.quantity}"

    @property
    def left(self) -> int:
        """Pieces that nobody has looked for yet."""
        return self.quantity - self.picked - self.missing


class ShortState(models.TextChoices):
    """What became of pieces that were not on their shelf."""

    OPEN = "open", pgettext_lazy("missing pieces", "To decide")
    FOUND = "found", pgettext_lazy("missing pieces", "Found after all")
    MOVED = "moved", pgettext_lazy("missing pieces", "Sent from elsewhere")
    GIVEN_UP = "given_up", pgettext_lazy("missing pieces", "Given up")


class ShortPick(Transitions, TimeStamped):
    """Pieces that stock says are there and a picker did not find. Each waits for a decision.

    `fulfillment` is the parcel they are planned in now: it is another one once they were set apart.
    `booked_off` are the pieces the stock was corrected by when it was decided.
    """

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            ShortState.OPEN: {ShortState.FOUND, ShortState.MOVED, ShortState.GIVEN_UP},
            ShortState.FOUND: set(),
            ShortState.MOVED: set(),
            ShortState.GIVEN_UP: set(),
        }
    }

    task = models.ForeignKey(PickTask, on_delete=models.PROTECT, related_name="shorts")
    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.PROTECT, related_name="shorts")
    warehouse_code = models.CharField(_("warehouse"), max_length=40)
    missing = models.PositiveIntegerField(_("pieces"))
    state = models.CharField(_("state"), max_length=10, choices=ShortState.choices, default=ShortState.OPEN)
    due_at = models.DateTimeField(_("due"))
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("reported by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    resolved_at = models.DateTimeField(_("decided"), null=True, blank=True)
    booked_off = models.PositiveIntegerField(_("booked off the stock"), default=0)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("missing pieces")
        verbose_name_plural = _("missing pieces")
        ordering = ("due_at", "pk")
        permissions = [("resolve_shortpick", _("Can decide about pieces that were not on their shelf"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["task"], condition=Q(state="open"), name="orders_short_open_once"),
            models.CheckConstraint(condition=Q(missing__gt=0), name="orders_short_misses_something"),
            models.CheckConstraint(condition=Q(booked_off__lte=F("missing")), name="orders_short_books_what_misses"),
            models.CheckConstraint(
                condition=Q(state="open", resolved_at__isnull=True) | (~Q(state="open") & Q(resolved_at__isnull=False)),
                name="orders_short_decided_says_when",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="orders_short_waiting", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.missing} x {self.task_id}"
