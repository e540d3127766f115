"""What every piece of content has in common: where and when it is shown."""

from typing import Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped

RowT = TypeVar("RowT", bound=models.Model)


class ShownQuerySet(models.QuerySet[RowT]):
    """Content narrowed to what one market shows."""

    def shown_in(self, market: str) -> Self:
        """Active rows for `market`: those that name it and those that name no market."""
        return self.filter(Q(market_codes=[]) | Q(market_codes__contains=[market]), is_active=True)


class Shown(TimeStamped):
    """A row that can be switched off, ordered, and kept to some markets."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("shown"), default=True)
    market_codes = ArrayField(
        models.CharField(max_length=8),
        verbose_name=_("only in these markets"),
        default=list,
        blank=True,
        help_text=_("Market codes. Empty means every market."),
    )

    class Meta:
        abstract = True
