"""Changing a market's look."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from markets.actions import note_change
from markets.errors import LookProblem, MarketUnknown
from markets.look import BUTTON, CORNERS, RADII, SALE, is_colour, is_readable
from markets.models import Market


@transaction.atomic
def set_look(*, market_code: str, tokens: Mapping[str, str], seen: Mapping[str, str]) -> bool:
    """The market looks like this from now on; nothing said is the shop's own look. True when something changed.

    `seen` is what stood there when it was decided. Raises `LookProblem`: somebody else changed it, or a colour that
    is none or cannot be read on the page.
    """
    market = Market.objects.select_for_update(of=("self",)).filter(code=market_code).first()
    if market is None:
        raise MarketUnknown(market_code)
    if dict(market.theme_tokens) != dict(seen):
        raise LookProblem(_("Somebody else changed this in the meantime. Look at what is there now, then save again."))
    wanted = {name: value for name, value in tokens.items() if value}
    _check(wanted)
    if wanted == market.theme_tokens:
        return False
    before, market.theme_tokens = dict(market.theme_tokens), wanted
    market.save(update_fields=["theme_tokens", "updated"])
    note_change(row=market, old={"theme_tokens": before}, new={"theme_tokens": wanted}, is_new=False)
    return True


def _check(tokens: Mapping[str, str]) -> None:
    for name in (BUTTON, SALE):
        colour = tokens.get(name, "")
        if colour and not is_colour(colour):
            raise LookProblem(_("“%(colour)s” is not a colour. Write it like #1f4a3d.") % {"colour": colour})
        if colour and not is_readable(colour):
            raise LookProblem(_("White words cannot be read on %(colour)s. Choose a darker one.") % {"colour": colour})
    if tokens.keys() - {BUTTON, SALE, CORNERS} or tokens.get(CORNERS, "soft") not in RADII:
        raise LookProblem(_("A market can have its own button colour, colour of reductions, and corners."))
