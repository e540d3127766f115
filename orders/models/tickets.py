"""Questions about an order after the sale: a conversation between its customer and the people who carry it out."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions
from orders.models.order import Order
from orders.models.returns import ReturnRequest, ReturnUnit


class TicketState(models.TextChoices):
    """Who has the next word."""

    OPEN = "open", pgettext_lazy("question about an order", "Waits for us")
    ANSWERED = "answered", pgettext_lazy("question about an order", "Waits for the customer")
    SOLVED = "solved", pgettext_lazy("question about an order", "Solved")


class TicketCategory(models.TextChoices):
    """What it is about."""

    DELIVERY = "delivery", pgettext_lazy("question about an order", "Delivery")
    FAULT = "fault", pgettext_lazy("question about an order", "Something is broken or wrong")
    RETURN = "return", pgettext_lazy("question about an order", "Return or exchange")
    PAYMENT = "payment", pgettext_lazy("question about an order", "Payment or invoice")
    REPAIR = "repair", pgettext_lazy("question about an order", "Repair")
    OTHER = "other", pgettext_lazy("question about an order", "Something else")


class Ticket(Transitions, TimeStamped):
    """One conversation. Every state reaches every other: a solved one is open again when its customer writes."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            TicketState.OPEN: {TicketState.ANSWERED, TicketState.SOLVED},
            TicketState.ANSWERED: {TicketState.OPEN, TicketState.SOLVED},
            TicketState.SOLVED: {TicketState.OPEN, TicketState.ANSWERED},
        }
    }

    number = models.CharField(_("number"), max_length=40, unique=True)
    key = models.CharField(max_length=64, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="tickets")
    return_request = models.ForeignKey(
        ReturnRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    category = models.CharField(_("about"), max_length=10, choices=TicketCategory.choices)
    subject = models.CharField(_("subject"), max_length=160)
    state = models.CharField(
        pgettext_lazy("where something stands", "state"),
        max_length=10,
        choices=TicketState.choices,
        default=TicketState.OPEN,
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who takes care"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    due_at = models.DateTimeField(_("to be answered by"), null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about an order")
        verbose_name_plural = _("questions about orders")
        permissions = [("answer_ticket", _("Can answer questions about orders"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(state__in=TicketState.values), name="orders_ticket_state_known"),
            models.CheckConstraint(
                condition=Q(category__in=TicketCategory.values), name="orders_ticket_category_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="orders_ticket_waiting"),
        ]

    def __str__(self) -> str:
        return self.number


class TicketMessage(models.Model):
    """One thing that was said. `key` names its form: pressed twice it is said once. An internal one is ours only."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    key = models.CharField(max_length=64, unique=True)
    by_customer = models.BooleanField()
    is_internal = models.BooleanField(default=False)
    actor = models.CharField(max_length=150, blank=True)
    body = models.TextField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(by_customer=False) | Q(is_internal=False), name="orders_ticket_customers_are_heard"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.created:%Y-%m-%d %H:%M}"


class CannedAnswer(TimeStamped):
    """An answer that is written often, by language."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    category = models.CharField(_("about"), max_length=10, choices=TicketCategory.choices, blank=True)
    texts = models.JSONField(_("text by language"), default=dict)

    class Meta:
        verbose_name = _("prepared answer")
        verbose_name_plural = _("prepared answers")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class OrderAttachment(models.Model):
    """A file that belongs to a return, to a unit that was looked at, or to a message; in private storage only.

    Pictures were written anew by us, so nothing of their maker's is left in them.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="attachments")
    return_request = models.ForeignKey(
        ReturnRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    unit = models.ForeignKey(ReturnUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments")
    message = models.ForeignKey(
        TicketMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    is_label = models.BooleanField(default=False)
    stored = models.CharField(max_length=200, unique=True)
    called = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(return_request__isnull=False) | Q(unit__isnull=False) | Q(message__isnull=False),
                name="orders_attachment_of_something",
            ),
        ]

    def __str__(self) -> str:
        return self.called
