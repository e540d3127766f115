"""What catalog pages and the cart receive: frozen values, ready to show. Templates get nothing else."""

from catalog.types.basics import (
    Card,
    Crumb,
    Fact,
    Link,
    MenuNode,
    Picture,
    PictureSource,
    PriceView,
    StockState,
    Swatch,
)
from catalog.types.listing import (
    Chip,
    Facet,
    FacetKind,
    FacetValue,
    ListingPage,
    SortOption,
    Suggestion,
    SuggestionKind,
)
from catalog.types.opinions import LanguageFilter, QuestionView, ReviewFilter, ReviewSummary, ReviewView, StarFilter
from catalog.types.product import ChoiceState, OptionChoice, OptionPicker, PickerInput, ProductPage
from catalog.types.selling import Availability, ConsideredPrice, PricedVariant, Sellable

__all__ = [
    "Availability",
    "Card",
    "Chip",
    "ChoiceState",
    "ConsideredPrice",
    "Crumb",
    "Facet",
    "FacetKind",
    "FacetValue",
    "Fact",
    "LanguageFilter",
    "Link",
    "ListingPage",
    "MenuNode",
    "OptionChoice",
    "OptionPicker",
    "PickerInput",
    "Picture",
    "PictureSource",
    "PriceView",
    "PricedVariant",
    "ProductPage",
    "QuestionView",
    "ReviewFilter",
    "ReviewSummary",
    "ReviewView",
    "Sellable",
    "SortOption",
    "StarFilter",
    "StockState",
    "Suggestion",
    "SuggestionKind",
    "Swatch",
]
