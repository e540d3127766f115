"""What an operator keeps for the list of orders: filters under a name, and how exports are wanted."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped


class SavedOrderView(TimeStamped):
    """Filters of the list under a name. A shared one is seen by everybody who sees orders, changed by its owner.

    `filters` holds what the address of the list holds, see `orders.workspace.filters`; what is not understood any
    more is left out when it is read.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    is_shared = models.BooleanField(_("everybody sees it"), default=False)
    filters = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("saved view of orders")
        verbose_name_plural = _("saved views of orders")
        ordering = ("name", "pk")
        permissions = [("share_savedorderview", _("Can share saved views of orders"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["owner", "name"], name="orders_saved_view_once"),
            models.CheckConstraint(condition=~Q(name=""), name="orders_saved_view_named"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name"], condition=Q(is_shared=True), name="orders_saved_view_shared"),
        ]

    def __str__(self) -> str:
        return self.name


class ExportChoice(TimeStamped):
    """How an operator exported orders last: format, and columns in their order."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=4, default="xlsx")
    columns = ArrayField(models.CharField(max_length=40), default=list)

    def __str__(self) -> str:
        return f"{self.user_id}: {', '.join(self.columns)}"
