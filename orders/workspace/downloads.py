"""What operators do to a download: open it anew, end it, hand out the keys it lacks."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from orders.actions.downloads import hand_out_missing_keys, renew_download, revoke_download
from orders.models import Entitlement, Order
from orders.workspace.download_panels import DownloadForm
from orders.workspace.operations import OrderOperation


class DownloadView(OrderOperation):
    """Open a download anew, end it, or hand out the keys it lacks."""

    permission = "manage_downloads"
    name = "download"
    done = _("The download was changed.")
    anchor = "downloads"

    def form(self, order: Order) -> DownloadForm:
        return DownloadForm(self.request.POST)

    def act(self, order: Order, form: Any) -> None:
        row = Entitlement.objects.get(order=order, pk=self.kwargs["entitlement"])
        deed = form.cleaned_data["deed"]
        if deed == "renew":
            renew_download(entitlement_id=row.pk)
        elif deed == "keys":
            hand_out_missing_keys(entitlement_id=row.pk)
        else:
            revoke_download(entitlement_id=row.pk, reason=form.cleaned_data["reason"])
