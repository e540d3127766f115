"""Refusals of the border engine: each has a stable code and a sentence for the reader."""

from typing import ClassVar

from django.utils.translation import gettext as _

from core.errors import DomainError


class BorderFactMissing(DomainError):
    """A fact that duty depends on is not known. It is never taken as zero: duty cannot be said."""

    code: ClassVar[str] = "BORDER_FACT_MISSING"

    def __init__(self, *, key: str = "") -> None:
        self.key = key
        super().__init__(_("Import duty for this destination is not known at the moment."))


class HsCodeMissing(BorderFactMissing):
    """The goods have no code of the Harmonized System."""

    code: ClassVar[str] = "HS_CODE_MISSING"


class HsCodeLength(BorderFactMissing):
    """The goods' code has fewer than six digits, or is not made of digits."""

    code: ClassVar[str] = "HS_CODE_LENGTH"


class OriginMissing(BorderFactMissing):
    """Nobody said where the goods were made."""

    code: ClassVar[str] = "ORIGIN_MISSING"


class DutyRateNotFound(BorderFactMissing):
    """No tariff row is known for the goods at the destination."""

    code: ClassVar[str] = "DUTY_RATE_NOT_FOUND"


class PrepaymentNotOffered(BorderFactMissing):
    """The import tax of the destination can be paid on delivery only."""

    code: ClassVar[str] = "PREPAYMENT_NOT_OFFERED"


class IossNotAllowed(DomainError):
    """The import one-stop shop does not cover the consignment."""

    code: ClassVar[str] = "IOSS_NOT_ALLOWED"

    def __init__(self) -> None:
        super().__init__(
            _("This order is worth too much for the simplified import. Its import tax is charged in full.")
        )


class DestinationProhibited(DomainError):
    """The goods may not be sent there."""

    code: ClassVar[str] = "DESTINATION_PROHIBITED"

    def __init__(self, *, key: str, rule_id: str, note: str = "") -> None:
        self.key, self.rule_id = key, rule_id
        super().__init__(note or _("This item may not be sent to this country."))


class LicenseNeeded(DestinationProhibited):
    """The goods may be sent there with a licence only, and none is on file."""

    code: ClassVar[str] = "LICENSE_NEEDED"


class QuantityRange(DomainError):
    """A quantity is a positive whole number."""

    code: ClassVar[str] = "QUANTITY_RANGE"

    def __init__(self) -> None:
        super().__init__(_("The quantity must be a whole number above zero."))


class StandardDeclarationRequired(DomainError):
    """The destination has no simplified import for parcels to consumers."""

    code: ClassVar[str] = "MARKET_REQUIRES_STANDARD_DECLARATION"

    def __init__(self) -> None:
        super().__init__(_("Parcels to this country need a full import declaration, which we do not offer yet."))


class ImportLimitPassed(DomainError):
    """One order, or the buyer's year, is over what the destination admits under its scheme."""

    code: ClassVar[str] = "CBEC_SINGLE_LIMIT"

    def __init__(self) -> None:
        super().__init__(_("This order is above the limit for personal imports to this country."))


class YearLimitPassed(ImportLimitPassed):
    """The same for everything the buyer imported this year."""

    code: ClassVar[str] = "CBEC_YEAR_LIMIT"


class LocationEvidenceMissing(DomainError):
    """The place of a digital sale rests on two pieces of evidence that agree."""

    code: ClassVar[str] = "LOCATION_EVIDENCE_MISSING"

    def __init__(self) -> None:
        super().__init__(_("We could not confirm the country for this digital item. Check your billing address."))


class ProductIdMissing(DomainError):
    """The customs message needs the merchant's and the manufacturer's number of the product."""

    code: ClassVar[str] = "CUSTOMS_PRODUCT_ID_MISSING"

    def __init__(self) -> None:
        super().__init__(_("Customs asks for a product number of the shop and one of the manufacturer."))


class DescriptionVague(DomainError):
    """Customs refuses descriptions that could be anything."""

    code: ClassVar[str] = "CUSTOMS_DESCRIPTION_VAGUE"

    def __init__(self) -> None:
        super().__init__(
            _("Say the article, its material and its use, for example: T-shirt, men, knitted, pure cotton.")
        )
