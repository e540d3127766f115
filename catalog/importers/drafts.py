"""What an importer has understood of one product, whatever the format it came in."""

from dataclasses import dataclass

from catalog.drafts import ProductDraft, VariantDraft
from catalog.importers.errors import RowProblem
from core.money import Money


@dataclass(frozen=True, kw_only=True)
class ImportedOption:
    """An option as the file names it; codes are made where it is brought in."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ImportedPicture:
    """A picture by its address."""

    line: int
    url: str
    alt: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportedVariant:
    """A variant. `values` are option values by option name; no SKU means one is made."""

    line: int
    draft: VariantDraft
    values: dict[str, str]
    price: Money
    compare_at: Money | None = None
    quantity: int | None = None
    picture_url: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportedProduct:
    """One product, ready to be brought in. `status` is active, draft or archived."""

    line: int
    draft: ProductDraft
    vendor: str
    category_name: str
    options: tuple[ImportedOption, ...]
    variants: tuple[ImportedVariant, ...]
    pictures: tuple[ImportedPicture, ...]
    status: str
    is_shipped: bool
    notes: tuple[RowProblem, ...] = ()
