"""The proof of one order over HTTP."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from orders.proving.page import order_proof
from orders.workspace.views import WorkspaceScreen, must, screen


class ProofView(WorkspaceScreen):
    """What every book says of the order, side by side. Nothing can be changed here."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page, for people who see orders and payments."""
        must(request, "view_order")
        order = self.order()
        return screen(
            request,
            "admin/workspace/proof.html",
            title=_("Proof of %(number)s") % {"number": order.number},
            proof=order_proof(order),
        )
