"""Everything the catalogue stores, one aggregate per file."""

from catalog.models.attributes import AttributeDef, AttributeOption, ProductAttribute
from catalog.models.availability import VariantAvailability
from catalog.models.bulk import BulkChange, BulkRestore, BulkRun
from catalog.models.categories import Category
from catalog.models.component_wishes import ComponentWish
from catalog.models.downloads import DownloadTerms, LicenceKey, VariantFile
from catalog.models.feeds import ProductFeed
from catalog.models.fetching import PictureWish
from catalog.models.glossary import GlossaryTerm
from catalog.models.imports import ColumnMapping
from catalog.models.listing import CategoryFacet, ListingBits, ListingSlot, ListingState
from catalog.models.media import MediaAsset, ProductMedia, VariantMedia
from catalog.models.options import OptionType, OptionValue, ProductOption, VariantOption
from catalog.models.planned import PlannedChange
from catalog.models.presales import Presale
from catalog.models.prices import PUBLIC, EffectivePrice, Price, PriceList, PublishedPrice
from catalog.models.pricing import CompetitorPrice, PricePlan, PricePlanRow, PricePolicy, VariantCost
from catalog.models.products import Brand, BundleItem, Maker, Product, ProductMarket, ProductType, Variant
from catalog.models.reviews import Question, Review, ReviewVote
from catalog.models.routes import Route
from catalog.models.sales import Popularity, SoldPieces
from catalog.models.search import (
    DirtyProduct,
    FacetDef,
    FacetRow,
    SearchDocument,
    SearchQueryCount,
    SearchRedirect,
    SearchTerm,
    Synonym,
)
from catalog.models.seo import MetaTemplate
from catalog.models.translations import OriginalText, SourceText, Translated, TranslationState, pick_text

__all__ = [
    "PUBLIC",
    "AttributeDef",
    "AttributeOption",
    "Brand",
    "BulkChange",
    "BulkRestore",
    "BulkRun",
    "BundleItem",
    "Category",
    "CategoryFacet",
    "ColumnMapping",
    "CompetitorPrice",
    "ComponentWish",
    "DirtyProduct",
    "DownloadTerms",
    "EffectivePrice",
    "FacetDef",
    "FacetRow",
    "GlossaryTerm",
    "LicenceKey",
    "ListingBits",
    "ListingSlot",
    "ListingState",
    "Maker",
    "MediaAsset",
    "MetaTemplate",
    "OptionType",
    "OptionValue",
    "OriginalText",
    "PictureWish",
    "PlannedChange",
    "Popularity",
    "Presale",
    "Price",
    "PriceList",
    "PricePlan",
    "PricePlanRow",
    "PricePolicy",
    "Product",
    "ProductAttribute",
    "ProductFeed",
    "ProductMarket",
    "ProductMedia",
    "ProductOption",
    "ProductType",
    "PublishedPrice",
    "Question",
    "Review",
    "ReviewVote",
    "Route",
    "SearchDocument",
    "SearchQueryCount",
    "SearchRedirect",
    "SearchTerm",
    "SoldPieces",
    "SourceText",
    "Synonym",
    "Translated",
    "TranslationState",
    "Variant",
    "VariantAvailability",
    "VariantCost",
    "VariantFile",
    "VariantMedia",
    "VariantOption",
    "pick_text",
]
