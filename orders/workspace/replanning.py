"""Planning again from where an order leaves, over HTTP."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.errors import DomainError
from orders.actions.replanning import replan_order
from orders.workspace.sourcing import PERMISSION
from orders.workspace.views import WorkspaceScreen, must


class ReplanView(WorkspaceScreen):
    """Plan again with the stock and the lanes of now."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it, and say whether anything moved."""
        must(request, PERMISSION)
        order = self.order()
        typed = request.POST.get("version", "")
        try:
            moved = replan_order(number=order.number, version=int(typed) if typed.isdecimal() else -1)
        except DomainError as refused:
            messages.error(request, str(refused))
        else:
            told = _("The order was planned again and leaves from elsewhere now.")
            messages.success(request, told if moved else _("Planned again: everything leaves from where it was."))
        return self.back("sourcing")
