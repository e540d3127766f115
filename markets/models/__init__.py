"""The tables of markets, one aggregate per file."""

from markets.models.buyers import BuyerTaxId, TaxExemption, TaxIdStatus
from markets.models.currencies import Currency, ExchangeRate
from markets.models.customs import (
    ClearanceFee,
    CustomsValuation,
    DutyKind,
    DutyRule,
    FeeIncoterm,
    FeeKind,
    HsCode,
    OriginGroup,
    RestrictionEffect,
    RestrictionRule,
    SpecificUnit,
    ValuationBasis,
)
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
from markets.models.postal_rates import PostalTaxRate
from markets.models.rules import AddressRule, ComplianceAction, ComplianceRule, ConsumerRule, InvoiceRequirement
from markets.models.sellers import LegalEntity, Scheme, TaxRegistration, UntaxedSeller
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
    "BuyerTaxId",
    "ClearanceFee",
    "ComplianceAction",
    "ComplianceRule",
    "ConsumerRule",
    "Country",
    "Currency",
    "CustomsValuation",
    "Dated",
    "Display",
    "DoubtfulRate",
    "DutyKind",
    "DutyMode",
    "DutyRule",
    "ExchangeRate",
    "FeeIncoterm",
    "FeeKind",
    "HsCode",
    "InvoiceRequirement",
    "Jurisdiction",
    "Language",
    "LegalEntity",
    "LowValueRule",
    "Market",
    "MarketCountry",
    "MarketPaymentMethod",
    "OriginGroup",
    "PaymentMethod",
    "PostalTaxRate",
    "RateBase",
    "RateKind",
    "ReferenceLoad",
    "Region",
    "RestrictionEffect",
    "RestrictionRule",
    "RoundingLevel",
    "Scheme",
    "SizeTable",
    "Sourced",
    "SpecificUnit",
    "TaxCategory",
    "TaxExemption",
    "TaxIdStatus",
    "TaxMode",
    "TaxRate",
    "TaxRegistration",
    "TaxRounding",
    "TerritoryException",
    "TrackingStatusMap",
    "Treatment",
    "Units",
    "UntaxedSeller",
    "ValuationBasis",
    "Verification",
]
