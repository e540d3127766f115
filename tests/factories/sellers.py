"""Sellers beside the one of the market, and who sells what."""

from catalog.models import Product, Variant
from markets.models import LegalEntity
from tests.factories.markets import CountryFactory, LegalEntityFactory, TaxRegistrationFactory


def another_seller(code: str, *, registered_in: str = "DE", name: str = "") -> LegalEntity:
    """A seller of the same country as the market's, registered there; `registered_in` elsewhere makes other taxes."""
    seller: LegalEntity = LegalEntityFactory.create(code=code, name=name or f"{code.title()} GmbH")
    TaxRegistrationFactory(legal_entity=seller, country=CountryFactory(code=registered_in))
    return seller


def sold_by(variant: Variant, seller: LegalEntity | str) -> Variant:
    """The variant's product is this seller's."""
    code = seller if isinstance(seller, str) else seller.code
    Product.objects.filter(pk=variant.product_id).update(merchant_code=code)
    return variant
