"""Refusals of markets: each has a stable code and a sentence for the reader."""

from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError


class MarketUnknown(DomainError):
    """No active market has this code."""

    code: ClassVar[str] = "MARKET_UNKNOWN"

    def __init__(self, market: str) -> None:
        self.market = market
        super().__init__(_("There is no shop under this address."))


class CountryNotServed(DomainError):
    """No active market delivers to the country."""

    code: ClassVar[str] = "COUNTRY_NOT_SERVED"

    def __init__(self, country: str) -> None:
        self.country = country
        super().__init__(_("We do not deliver to this country yet."))


class TaxRateNotFound(DomainError):
    """No rate is known for the place, the category and the day. It is never taken as zero."""

    code: ClassVar[str] = "TAX_RATE_NOT_FOUND"

    def __init__(self, *, place: str, category: str, on: date) -> None:
        self.place, self.category, self.on = place, category, on
        super().__init__(_("The tax for this destination is not known at the moment, so we cannot take the order."))


class TaxRateAmbiguous(DomainError):
    """Two rates claim the same place, category and day: a mistake in the tables."""

    code: ClassVar[str] = "TAX_RATE_AMBIGUOUS"

    def __init__(self, *, place: str, category: str, on: date) -> None:
        self.place, self.category, self.on = place, category, on
        super().__init__(_("The tax for this destination is not settled at the moment, so we cannot take the order."))


class UnionSalesUnknown(DomainError):
    """Some sales to other member states cannot be counted, so nobody knows which country's tax this sale bears."""

    code: ClassVar[str] = "UNION_SALES_UNKNOWN"

    def __init__(self) -> None:
        super().__init__(_("The tax for this destination is not settled at the moment, so we cannot take the order."))


class TerritoryBlocked(DomainError):
    """The address lies in a territory that cannot be served."""

    code: ClassVar[str] = "TERRITORY_BLOCKED"

    def __init__(self, *, territory: str) -> None:
        self.territory = territory
        super().__init__(_("We cannot deliver to this area."))


class ExchangeRateMissing(DomainError):
    """No exchange rate is known on or before the day."""

    code: ClassVar[str] = "FX_RATE_MISSING"

    def __init__(self, *, base: str, quote: str, on: date) -> None:
        self.base, self.quote, self.on = base, quote, on
        super().__init__(_("The price in this currency is not known at the moment."))


class ExchangeRateStale(DomainError):
    """The newest exchange rate is older than allowed."""

    code: ClassVar[str] = "FX_STALE"

    def __init__(self, *, base: str, quote: str, effective_on: date) -> None:
        self.base, self.quote, self.effective_on = base, quote, effective_on
        super().__init__(_("The price in this currency is not known at the moment."))


class RatesUnreadable(DomainError):
    """A file of exchange rates is none, or is broken. Nothing of it is kept."""

    code: ClassVar[str] = "FX_FILE_UNREADABLE"

    def __init__(self, *, reason: str) -> None:
        self.reason = reason
        super().__init__(_("This is not a file of exchange rates that can be read: %(reason)s.") % {"reason": reason})


class DoubtDecided(DomainError):
    """Somebody has decided about this rate already."""

    code: ClassVar[str] = "FX_DOUBT_DECIDED"
    message = gettext_lazy("Somebody has decided about this rate already.")


class ReasonNeeded(DomainError):
    """A decision without a reason."""

    code: ClassVar[str] = "REASON_NEEDED"
    message = gettext_lazy("Say why.")


class ReferenceRefused(DomainError):
    """A reference file cannot be loaded as it is: older than what is loaded, or rows that overlap."""

    code: ClassVar[str] = "REFERENCE_REFUSED"

    def __init__(self, *, table: str, reason: str) -> None:
        self.table, self.reason = table, reason
        super().__init__(f"{table}: {reason}")


class MarketNotReady(DomainError):
    """The market lacks something it must have before it may open."""

    code: ClassVar[str] = "MARKET_NOT_READY"

    def __init__(self, *, market: str, missing: tuple[str, ...]) -> None:
        self.market, self.missing = market, missing
        super().__init__(_("This market cannot open yet. Missing: %(missing)s.") % {"missing": ", ".join(missing)})


class MarketOpen(DomainError):
    """The step is for markets that are not open yet."""

    code: ClassVar[str] = "MARKET_OPEN"
    message = gettext_lazy("This market is open. Close it first, or change it in its own form.")


class CountriesTaken(DomainError):
    """Another market delivers to some of the countries."""

    code: ClassVar[str] = "COUNTRIES_TAKEN"

    def __init__(self, *, countries: tuple[str, ...]) -> None:
        self.countries = countries
        super().__init__(_("Another market delivers there: %(countries)s.") % {"countries": ", ".join(countries)})


class LookProblem(DomainError):
    """A market cannot look like that."""

    code: ClassVar[str] = "LOOK_PROBLEM"


class NumberUnreadable(DomainError):
    """The key that sealed a buyer's number is not in the settings any more."""

    code: ClassVar[str] = "NUMBER_UNREADABLE"
    message = gettext_lazy("This number cannot be read: its key is missing. Put it back into SEALING_KEYS.")


class ReasonMissing(DomainError):
    """Looking at what is hidden, and changing what others rely on, wants a reason."""

    code: ClassVar[str] = "REASON_MISSING"

    def __init__(self) -> None:
        super().__init__(_("Say why."))
