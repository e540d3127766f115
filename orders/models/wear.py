"""What is kept of a returned unit's price because it was used more than to find out what it is."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.locks import LockingQuerySet
from orders.models.returns import ReturnUnit


class WearDeduction(models.Model):
    """One deduction for one unit, decided when it was looked at; the unit's photos are the evidence.

    Directive 2011/83/EU Art. 14(2): the consumer bears the diminished value that results from handling beyond what
    is needed to establish nature, characteristics and functioning. Never for faults. Tax is inside the amount.
    """

    unit = models.OneToOneField(
        ReturnUnit, on_delete=models.PROTECT, related_name="deduction", verbose_name=_("returned unit")
    )
    amount_minor = models.PositiveBigIntegerField(_("amount"))
    reason = models.CharField(_("reason"), max_length=300)
    decided_by = models.CharField(_("decided by"), max_length=150)
    created = models.DateTimeField(auto_now_add=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("deduction for wear")
        verbose_name_plural = _("deductions for wear")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="orders_wear_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="orders_wear_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.amount_minor}"
