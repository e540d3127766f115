"""The tables of markets, one aggregate per file."""

from markets.models.currencies import Currency, ExchangeRate
from markets.models.dated import Dated, Sourced, Verification
from markets.models.doubtful import DoubtfulRate
from markets.models.markets import (
    Display,
    DutyMode,
    Market,
    MarketCountry,
    RoundingLevel,
    TaxMode,
    TaxRounding,
    Units,
)
from markets.models.payments import MarketPaymentMethod, PaymentMethod
from markets.models.places import Country, Language, Region
from markets.models.rules import AddressRule, ComplianceAction, ComplianceRule, ConsumerRule, InvoiceRequirement
from markets.models.sellers import LegalEntity, Scheme, TaxRegistration
from markets.models.tables import ReferenceLoad, SizeTable, TrackingStatusMap
from markets.models.tax import (
    STANDARD,
    Jurisdiction,
    LowValueRule,
    RateBase,
    RateKind,
    TaxCategory,
    TaxRate,
    TerritoryException,
    Treatment,
)

__all__ = [
    "STANDARD",
    "AddressRule",
    "ComplianceAction",
    "ComplianceRule",
    "ConsumerRule",
    "Country",
    "Currency",
    "Dated",
    "Display",
    "DoubtfulRate",
    "DutyMode",
    "ExchangeRate",
    "InvoiceRequirement",
    "Jurisdiction",
    "Language",
    "LegalEntity",
    "LowValueRule",
    "Market",
    "MarketCountry",
    "MarketPaymentMethod",
    "PaymentMethod",
    "RateBase",
    "RateKind",
    "ReferenceLoad",
    "Region",
    "RoundingLevel",
    "Scheme",
    "SizeTable",
    "Sourced",
    "TaxCategory",
    "TaxMode",
    "TaxRate",
    "TaxRegistration",
    "TaxRounding",
    "TerritoryException",
    "TrackingStatusMap",
    "Treatment",
    "Units",
    "Verification",
]
