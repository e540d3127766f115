"""Regular and reduced prices, with or without a time."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.importers.drafts import ImportedPrice, ImportedPriceList
from catalog.importers.foreign.cells import Cells
from catalog.importers.formats import Setting
from core.money import Money


@dataclass(frozen=True)
class Prices:
    """How a variant's prices come in: on the lists of the import, and on lists with a time or quantity of their own."""

    price: Money | None = None
    compare_at: Money | None = None
    others: tuple[ImportedPrice, ...] = ()
    lists: tuple[ImportedPriceList, ...] = ()


def priced(
    regular: Money | None,
    reduced: Money | None,
    setting: Setting,
    begins: datetime | None = None,
    ends: datetime | None = None,
) -> Prices:
    """A regular and a reduced price. A reduction with a time goes on a list with that time; a past one is dropped."""
    if reduced is None or regular is None or reduced >= regular:
        return Prices(price=regular if regular is not None else reduced)
    if begins is None and ends is None:
        return Prices(price=reduced, compare_at=regular)
    if ends is not None and ends <= timezone.now():
        return Prices(price=regular)
    times = "-".join(f"{when:%Y%m%d}" if when else "open" for when in (begins, ends))
    dated = ImportedPriceList(
        code=f"{setting.market}-sale-{times}",
        market=setting.market,
        name=_("Sale"),
        kind="sale",
        begins=begins,
        ends=ends,
    )
    return Prices(price=regular, others=(ImportedPrice(amount=reduced, list_code=dated.code),), lists=(dated,))


def special_prices(cells: Cells, setting: Setting, lists: list[ImportedPriceList], *, is_needed: bool = True) -> Prices:
    """From the fields price, special_price, special_from and special_until; lists they need are added to `lists`."""
    prices = priced(
        cells.price("price", setting.currency),
        cells.price("special_price", setting.currency),
        setting,
        cells.moment("special_from"),
        cells.moment("special_until", is_end=True),
    )
    if is_needed and not cells.text("price"):
        cells.wrong("price", _("The price is missing."))
    lists.extend(prices.lists)
    return prices
