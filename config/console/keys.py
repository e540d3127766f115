"""The keys of the operator screens: a page that names them, and the switch for those of a single letter.

Single letters can be switched off because speech input and unsteady hands press them unmeant (WCAG 2.1.4).
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View

from orders.workspace.views import screen

CHOICE = "console_keys"
"""Under which name the session keeps it; on unless it says off."""


def keys_on(request: HttpRequest) -> bool:
    """Whether single letters do something for this person."""
    return bool(getattr(request, "session", {}).get(CHOICE) != "off")


class KeysView(View):
    """Which keys there are; on or off."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, also without scripts."""
        return screen(request, "admin/console/keys.html", title=_("Keys"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Switch, and go back to where the person was."""
        request.session[CHOICE] = "off" if request.POST.get("keys") == "off" else "on"
        back = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(
            back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            back = reverse("admin:console_keys")
        return HttpResponseRedirect(back)
