"""Downloads of an order as operators see them: what is open, how often it was fetched."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import DownloadTerms, LicenceKey
from orders.downloading import is_over
from orders.models import EntitlementState, Order
from orders.workspace.forms import KeyedForm


class DownloadForm(KeyedForm):
    """Which deed, and why when it ends."""

    deed = forms.ChoiceField(choices=[("renew", ""), ("revoke", ""), ("keys", "")], widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why does it end?"), max_length=200, required=False)


@dataclass(frozen=True, kw_only=True)
class DownloadPanel:
    """One download of an order."""

    pk: int
    name: str
    quantity: int
    is_open: bool
    state: str
    counted: int
    most: int | None
    until: datetime | None
    begun: datetime | None
    reason: str
    keys_given: int
    lacks_keys: bool


def download_panels(order: Order) -> tuple[DownloadPanel, ...]:
    """The downloads of an order. Three queries, one when there are none."""
    rows = list(
        order.entitlements.annotate(counted=Count("downloads", filter=Q(downloads__before_renewal=False))).order_by(
            "pk"
        )
    )
    if not rows:
        return ()
    refs = LicenceKey.objects.filter(given_to__in=[row.ref for row in rows]).values_list("given_to", flat=True)
    given = list(refs)
    wanting = set(
        DownloadTerms.objects.filter(variant__in=[row.variant_id for row in rows], gives_keys=True).values_list(
            "variant_id", flat=True
        )
    )
    return tuple(_panel(row, given.count(row.ref), row.variant_id in wanting) for row in rows)


def _panel(row: Any, keys: int, wants_keys: bool) -> DownloadPanel:
    return DownloadPanel(
        pk=row.pk,
        name=row.name,
        quantity=row.quantity,
        is_open=row.state == EntitlementState.ACTIVE and not is_over(row),
        state=str(EntitlementState(row.state).label),
        counted=row.counted,
        most=row.most_downloads,
        until=row.expires_at,
        begun=row.first_download_at,
        reason=row.revoke_reason,
        keys_given=keys,
        lacks_keys=wants_keys and keys < row.quantity,
    )
