"""Groups of customers who have prices of their own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped


class CustomerGroup(TimeStamped):
    """Members for whom price lists of this audience hold. `code` is the audience the price lists name."""

    code = models.SlugField(
        _("code"), max_length=40, unique=True, help_text=_("Price lists name the group by it as their audience.")
    )
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("customer group")
        verbose_name_plural = _("customer groups")
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(condition=~Q(code="public") & ~Q(code=""), name="members_group_is_not_everybody")
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(TimeStamped):
    """Who belongs to a group, until a last day if there is one."""

    group = models.ForeignKey(
        CustomerGroup, on_delete=models.CASCADE, related_name="members", verbose_name=_("customer group")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="customer_groups", verbose_name=_("account")
    )
    last_day = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("member of a customer group")
        verbose_name_plural = _("members of customer groups")
        constraints = [models.UniqueConstraint(fields=["group", "user"], name="members_group_member_once")]

    def __str__(self) -> str:
        return f"{self.group_id}: {self.user_id}"
