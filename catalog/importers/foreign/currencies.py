"""Prices in other currencies than the import's: they belong to the markets that sell in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.importers.drafts import ImportedPrice
from core.money import Money
from markets.models import Market


@dataclass(frozen=True)
class Currencies:
    """The active markets by their currency."""

    markets: Mapping[str, tuple[str, ...]]

    @classmethod
    def of_shop(cls) -> "Currencies":
        """As they are now."""
        found: dict[str, tuple[str, ...]] = {}
        for code, currency in Market.objects.filter(active=True).order_by("code").values_list("code", "currency_id"):
            found[currency] = (*found.get(currency, ()), code)
        return cls(found)

    def elsewhere(self, currency: str, price: Money, compare_at: Money | None) -> tuple[ImportedPrice, ...]:
        """The price on the ordinary lists of all markets with `currency`; the reduced lists where it is reduced."""
        is_reduced = compare_at is not None and compare_at > price
        prices: list[ImportedPrice] = []
        for market in self.markets.get(currency, ()):
            prices.append(ImportedPrice(amount=compare_at if is_reduced else price, market=market))
            if is_reduced:
                prices.append(ImportedPrice(amount=price, market=market, kind="sale"))
        return tuple(prices)

    def unused(self, currencies: Iterable[str]) -> list[str]:
        """Those no market sells in, sorted."""
        return sorted(set(currencies) - self.markets.keys())
