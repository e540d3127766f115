"""Who runs the shop, in schema.org's words, for the first page. Addresses are absolute."""

from collections.abc import Mapping
from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from catalog.cache import remembered
from markets.models import LegalEntity
from markets.types import MarketContext

POSTAL = {
    "street": "streetAddress",
    "street_address": "streetAddress",
    "city": "addressLocality",
    "region": "addressRegion",
    "postal_code": "postalCode",
}


def organization_json_ld(request: HttpRequest, market: MarketContext) -> dict[str, object]:
    """The shop as Organization and as WebSite with its search."""
    home = request.build_absolute_uri(market.url_prefix)
    organization = f"{request.build_absolute_uri('/')}#organization"
    query = f"{request.build_absolute_uri(reverse('catalog:search'))}?q={{search_term_string}}"
    logo = request.build_absolute_uri(static("img/favicon.svg"))
    facts: Mapping[str, object] = remembered(("organization", market.seller), partial(_facts, market.seller))
    return {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "@id": organization, "url": home, "logo": logo, **facts},
            {
                "@type": "WebSite",
                "url": home,
                "name": settings.SHOP_NAME,
                "inLanguage": market.language,
                "publisher": {"@id": organization},
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": {"@type": "EntryPoint", "urlTemplate": query},
                    "query-input": "required name=search_term_string",
                },
            },
        ],
    }


def _facts(seller: str) -> dict[str, object]:
    row = LegalEntity.objects.filter(code=seller).first()
    if row is None:
        return {"name": settings.SHOP_NAME}
    address = {POSTAL[key]: value for key, value in row.address.items() if key in POSTAL and value}
    found: dict[str, object] = {"name": settings.SHOP_NAME, "legalName": row.name}
    if address:
        found["address"] = {"@type": "PostalAddress", "addressCountry": row.country_id, **address}
    contact = {key: value for key, value in (("email", row.email), ("telephone", row.phone)) if value}
    if contact:
        found["contactPoint"] = {"@type": "ContactPoint", "contactType": "customer service", **contact}
    return found
