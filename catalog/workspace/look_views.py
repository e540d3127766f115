"""How each market looks, over HTTP: colours and corners, all markets in one table."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.signing import BadSignature
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views import View

from catalog.workspace.matrix_forms import InputForm
from catalog.workspace.screens import go_to, must, screen
from core.errors import DomainError
from core.signing import make_lasting_token, read_lasting_token
from markets.look import BUTTON, CORNERS, SALE
from markets.look_actions import set_look
from markets.queries import active_markets
from markets.types import MarketContext

LOOK, CHANGE = "markets.view_market", "markets.change_market"
PURPOSE = "markets.look"
SHAPES = (
    ("", pgettext_lazy("look of a market", "As in the whole shop")),
    ("square", pgettext_lazy("corners", "Square")),
    ("soft", pgettext_lazy("corners", "Slightly round")),
    ("round", pgettext_lazy("corners", "Round")),
)


class LookForm(InputForm):
    """One market's row."""

    button = forms.CharField(label=gettext_lazy("Buttons"), required=False, max_length=7)
    sale = forms.CharField(label=gettext_lazy("Reductions"), required=False, max_length=7)
    corners = forms.ChoiceField(label=gettext_lazy("Corners"), required=False, choices=SHAPES)

    def __init__(self, market: MarketContext, data: Any = None) -> None:
        super().__init__(data, initial=dict(market.theme_tokens), prefix=f"m-{market.code}")
        self.market = market
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{field.label}, {market.name}"
            if name != CORNERS:
                field.widget.attrs |= {"placeholder": "#1f4a3d", "dir": "ltr"}

    def tokens(self) -> dict[str, str]:
        """What the row says."""
        given = self.cleaned_data
        return {name: str(given[name]).strip().lower() for name in (BUTTON, SALE, CORNERS) if given[name]}


class LooksView(View):
    """All markets."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """What stands."""
        must(request, LOOK)
        return self.page(request, [LookForm(market) for market in _markets()])

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save all of them, or none."""
        must(request, CHANGE)
        rows = [LookForm(market, request.POST) for market in _markets()]
        if sum(not row.is_valid() for row in rows):
            return self.page(request, rows, status=422)
        seen = _seen(request.POST.get("seen", ""))
        changed = 0
        try:
            with transaction.atomic():
                for row in rows:
                    code = row.market.code
                    changed += set_look(market_code=code, tokens=row.tokens(), seen=seen.get(code, {"": ""}))
        except DomainError as refused:
            row.add_error(None, str(refused))
            return self.page(request, rows, status=422)
        told = ngettext("%(count)d market was changed.", "%(count)d markets were changed.", changed)
        messages.success(request, told % {"count": changed})
        return go_to(reverse("admin:market_looks"))

    @staticmethod
    def page(request: HttpRequest, rows: list[LookForm], *, status: int = 200) -> HttpResponse:
        """The table. What was shown travels with it, signed."""
        seen = {row.market.code: dict(row.market.theme_tokens) for row in rows}
        return screen(
            request,
            "admin/catalog/workspace/looks.html",
            status=status,
            title=_("Look of markets"),
            rows=rows,
            seen=make_lasting_token(PURPOSE, seen),
            may_change=request.user.has_perm(CHANGE),
        )


def _markets() -> tuple[MarketContext, ...]:
    return tuple(active_markets(language=get_language() or "en"))


def _seen(token: str) -> dict[str, dict[str, str]]:
    """What was shown; nothing for a token that is not ours, so that every market counts as changed meanwhile."""
    try:
        found: dict[str, dict[str, str]] = read_lasting_token(PURPOSE, token)
    except BadSignature:
        return {}
    return found
