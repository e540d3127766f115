# ruff: noqa: E501 (a table of sentences is read row by row)
"""The columns of Portolan's own table: one list for reading, writing, the sheet of explanations and the manual.

A title is a name, or a name with its particulars in brackets: `name[de]`, `price[de-base@10]`, `image_alt[1,ja]`.
Names are read in any letter case; what stands in the brackets is a code and is read as it is written.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TITLE = re.compile(r"\s*([A-Za-z_]+)\s*(?:\[([^\[\]]*)\])?\s*")


class Per(StrEnum):
    """What stands in the brackets."""

    NOTHING = ""
    LANGUAGE = "language"
    MARKET = "market"
    NUMBER = "number"
    NUMBER_LANGUAGE = "number,language"
    LIST = "list or list@quantity"
    WAREHOUSE = "warehouse"
    ATTRIBUTE = "attribute, attribute:kind:unit or attribute,language"


class On(StrEnum):
    """What a column describes."""

    ROW = "row"
    PRODUCT = "product"
    VARIANT = "variant"
    WORD = "vocabulary"


class Shape(StrEnum):
    """How a cell is written."""

    TEXT = "text"
    HTML = "html"
    NUMBER = "number"
    AMOUNT = "amount"
    YES_NO = "yes or no"
    DATE = "date"
    TIME = "date and time"
    LIST = "list"


@dataclass(frozen=True)
class Column:
    """A column, or a family of columns."""

    name: str
    on: On
    about: str | Promise
    example: str = ""
    per: Per = Per.NOTHING
    shape: Shape = Shape.TEXT


@dataclass(frozen=True)
class Title:
    """A column title taken apart."""

    name: str
    parts: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The title as the exports write it."""
        return f"{self.name}[{','.join(self.parts)}]" if self.parts else self.name


COLUMNS: tuple[Column, ...] = (
    Column("row", On.ROW, _("What the row describes: product, or a word of the vocabulary (type, brand, contact, category, option, value, attribute, choice, price_list). Empty means product."), "product"),
    Column("product", On.ROW, _("The product's code: it stays for good. Rows with the same code, or none, below it are further variants of the product."), "kettle-ida"),
    Column("code", On.WORD, _("The code of the word this row describes."), "stoneware"),
    Column("sku", On.VARIANT, _("The variant's SKU. A row without one gets a SKU made of the product's code and the options."), "IDA-09-OAK"),
    Column("kind", On.PRODUCT, _("simple or bundle. For a type: physical, virtual, giftcard or service. For a price list: base, sale, tier, member, flash, contract or group_buy."), "simple"),
    Column("type", On.PRODUCT, _("The code of the product's type."), "goods"),
    Column("status", On.PRODUCT, _("active (on sale), draft or archived."), "active"),
    Column("tax_category", On.PRODUCT, _("The code of the tax category; standard for a new product that does not say."), "standard"),
    Column("brand", On.PRODUCT, _("The brand by its code or name."), "fjordware"),
    Column("category", On.PRODUCT, _("The main category: its code, its name, or a path of either."), "kitchen > kettles"),
    Column("categories", On.PRODUCT, _("Further categories, in the same way."), "gifts | new-home", shape=Shape.LIST),
    Column("model", On.PRODUCT, _("The maker's model number."), "KT-900"),
    Column("tags", On.PRODUCT, _("Tags."), "tea | induction", shape=Shape.LIST),
    Column("merchant", On.PRODUCT, _("The code of the merchant who sells it; empty for the shop itself."), ""),
    Column("released_at", On.PRODUCT, _("From when it is for sale."), "2027-03-01T09:00:00+01:00", shape=Shape.TIME),
    Column("preorder_until", On.PRODUCT, _("Until when it can be ordered before it is there."), "2027-02-28T23:59:00+01:00", shape=Shape.TIME),
    Column("new_until", On.PRODUCT, _("Until when it is shown as new."), "2027-06-30", shape=Shape.DATE),
    Column("rank", On.PRODUCT, _("Its place in listings; smaller numbers come first."), "1000", shape=Shape.NUMBER),
    Column("maker", On.PRODUCT, _("The manufacturer, by the code or the name of a contact."), "fjord-metallverk"),
    Column("responsible", On.PRODUCT, _("The responsible person in the EU, by the code or the name of a contact."), "nordkontor"),
    Column("name", On.PRODUCT, _("The name. Also of the word a row of the vocabulary describes."), "Kettle Ida", Per.LANGUAGE),
    Column("slug", On.PRODUCT, _("The end of the product's address."), "kettle-ida", Per.LANGUAGE),
    Column("summary", On.PRODUCT, _("One or two sentences for listings."), "Boils a litre in four minutes.", Per.LANGUAGE),
    Column("description", On.PRODUCT, _("The description in HTML. Also of a category or brand (there as plain text)."), "<p>Polished steel.</p>", Per.LANGUAGE, Shape.HTML),
    Column("selling_points", On.PRODUCT, _("One selling point per line."), "Works on induction", Per.LANGUAGE),
    Column("usage_notes", On.PRODUCT, _("Use and care."), "Descale once a month.", Per.LANGUAGE),
    Column("safety_warnings", On.PRODUCT, _("One warning per line."), "Hot surface", Per.LANGUAGE),
    Column("search_words", On.PRODUCT, _("Other words shoppers use for it, separated by commas."), "water boiler", Per.LANGUAGE),
    Column("meta_title", On.PRODUCT, _("The title for search engines."), "Kettle Ida in steel", Per.LANGUAGE),
    Column("meta_description", On.PRODUCT, _("The description for search engines."), "A kettle for every hob.", Per.LANGUAGE),
    Column("visible", On.PRODUCT, _("Whether the product is seen in the market (it also needs a price there)."), "yes", Per.MARKET, Shape.YES_NO),
    Column("visible_from", On.PRODUCT, _("From when it is seen there."), "2027-03-01T09:00:00+01:00", Per.MARKET, Shape.TIME),
    Column("visible_until", On.PRODUCT, _("Until when it is seen there."), "2027-12-31T23:59:00+01:00", Per.MARKET, Shape.TIME),
    Column("copy", On.PRODUCT, _("Words for this market only, in HTML."), "<p>With a Schuko plug.</p>", Per.MARKET, Shape.HTML),
    Column("attribute", On.PRODUCT, _("The product's value of an attribute, by its code or name: a number in the attribute's unit, yes or no, a date, or one or several choices by code or name. Texts are per language. The kind (enum, number, bool, text, date) and unit in the title count for an attribute that is new."), "oak | walnut", Per.ATTRIBUTE, Shape.LIST),
    Column("attributes", On.PRODUCT, _("The same for many attributes in one cell."), "material=oak | power=2200", shape=Shape.LIST),
    Column("image", On.PRODUCT, _("The address of a picture, in the order of the gallery."), "https://pictures.example/ida.jpg", Per.NUMBER),
    Column("image_alt", On.PRODUCT, _("The picture in words."), "The kettle on a gas hob", Per.NUMBER_LANGUAGE),
    Column("image_market", On.PRODUCT, _("The market the picture is for; empty for all."), "jp", Per.NUMBER),
    Column("image_role", On.PRODUCT, _("gallery, scale (dimensions) or life (in use)."), "gallery", Per.NUMBER),
    Column("option", On.VARIANT, _("An option of the product, by its code or name; the same on each of its rows."), "colour", Per.NUMBER),
    Column("value", On.VARIANT, _("The variant's value of this option, by its code or name."), "oak", Per.NUMBER),
    Column("variant_status", On.VARIANT, _("active, draft or archived."), "active"),
    Column("position", On.VARIANT, _("The variant's place among the others. Also of a word of the vocabulary."), "0", shape=Shape.NUMBER),
    Column("gtin", On.VARIANT, _("EAN, UPC or another GTIN: 8, 12, 13 or 14 digits."), "4006381333931"),
    Column("weight_g", On.VARIANT, _("Weight with packaging, in grams."), "1200", shape=Shape.NUMBER),
    Column("length_mm", On.VARIANT, _("Length with packaging, in millimetres."), "240", shape=Shape.NUMBER),
    Column("width_mm", On.VARIANT, _("Width with packaging, in millimetres."), "180", shape=Shape.NUMBER),
    Column("height_mm", On.VARIANT, _("Height with packaging, in millimetres."), "210", shape=Shape.NUMBER),
    Column("content", On.VARIANT, _("Net content, for the price per litre, kilogram or metre."), "0.25", shape=Shape.NUMBER),
    Column("content_unit", On.VARIANT, _("The unit of the content: ml, l, g, kg or m."), "kg"),
    Column("hs_code", On.VARIANT, _("The goods code: 6 to 13 digits."), "732393"),
    Column("origin", On.VARIANT, _("The country of origin by its two letters."), "NO"),
    Column("customs_description", On.VARIANT, _("What the customs declaration calls it."), "Steel kettle"),
    Column("battery", On.VARIANT, _("Whether it contains a battery."), "no", shape=Shape.YES_NO),
    Column("restrictions", On.VARIANT, _("Restrictions by their codes."), "liquid", shape=Shape.LIST),
    Column("purchase_limit", On.VARIANT, _("The most one shopper may buy."), "5", shape=Shape.NUMBER),
    Column("max_per_cart", On.VARIANT, _("The most that go in one cart."), "10", shape=Shape.NUMBER),
    Column("price", On.VARIANT, _("The price on the list with this code, from the quantity behind the @ on, in the currency of the list, with a point before the decimals. Without brackets: on the ordinary list of the market the import is for."), "49.90", Per.LIST, Shape.AMOUNT),
    Column("compare_at", On.VARIANT, _("The price before a reduction; the price itself then goes on the sale list of the import."), "59.90", shape=Shape.AMOUNT),
    Column("stock", On.VARIANT, _("Pieces on hand in the warehouse with this code. The stock is set to it."), "24", Per.WAREHOUSE, Shape.NUMBER),
    Column("variant_image", On.VARIANT, _("The address of a picture that shows this variant."), "https://pictures.example/oak.jpg", Per.NUMBER),
    Column("component", On.VARIANT, _("A piece of the set, by its SKU. It may come later in the file."), "CUP-1", Per.NUMBER),
    Column("component_quantity", On.VARIANT, _("How many of the piece the set holds."), "2", Per.NUMBER, Shape.NUMBER),
    Column("component_weight", On.VARIANT, _("The piece's share of the price, beside the shares of the others."), "1", Per.NUMBER, Shape.NUMBER),
    Column("component_optional", On.VARIANT, _("Whether the piece can be left out."), "no", Per.NUMBER, Shape.YES_NO),
    Column("presale_from", On.VARIANT, _("The first day on which it is sent; until then it is sold ahead. Emptied: the pre-sale ends."), "2027-09-01", shape=Shape.DATE),
    Column("presale_warehouse", On.VARIANT, _("The code of the warehouse it will come to."), "LEJ"),
    Column("presale_most", On.VARIANT, _("The most pieces that are sold before that day; empty for no limit."), "500", shape=Shape.NUMBER),
    Column("presale_per_order", On.VARIANT, _("Of these, the most per order."), "3", shape=Shape.NUMBER),
    Column("presale_per_customer", On.VARIANT, _("Of these, the most per customer."), "5", shape=Shape.NUMBER),
    Column("downloads_most", On.VARIANT, _("How often each file of a virtual product can be downloaded; empty for no limit."), "5", shape=Shape.NUMBER),
    Column("download_days", On.VARIANT, _("For how many days after payment; empty for no end."), "30", shape=Shape.NUMBER),
    Column("licence_keys", On.VARIANT, _("Whether a licence key belongs to each piece. The keys themselves are never in a file."), "no", shape=Shape.YES_NO),
    Column("download", On.VARIANT, _("The name of a file that buyers download. The table holds names only: the files are added under Downloads."), "pattern.pdf", Per.NUMBER),
    Column("parent", On.WORD, _("The category above, the option of a value, the attribute of a choice, or the price list this one follows."), "kitchen"),
    Column("data_type", On.WORD, _("What an attribute's values are: enum, number, bool, text or date."), "enum"),
    Column("unit", On.WORD, _("The unit of an attribute's numbers."), "W"),
    Column("section", On.WORD, _("The block of the product page an attribute is in: details, dimensions or safety."), "details"),
    Column("filterable", On.WORD, _("Whether listings can be filtered by the attribute."), "yes", shape=Shape.YES_NO),
    Column("searchable", On.WORD, _("Whether the search reads the attribute also where it is a number or a yes; texts and choices are always read."), "no", shape=Shape.YES_NO),
    Column("comparable", On.WORD, _("Whether products are compared by the attribute."), "yes", shape=Shape.YES_NO),
    Column("input", On.WORD, _("How an option is shown: swatch, button or select."), "swatch"),
    Column("colour", On.WORD, _("The colour of an option's value, as # and six hexadecimal digits."), "#c8a27a"),
    Column("ships", On.WORD, _("Whether products of a type are sent."), "yes", shape=Shape.YES_NO),
    Column("address", On.WORD, _("The postal address of a contact."), "Havnegata 1\n0150 Oslo"),
    Column("country", On.WORD, _("The country of a contact by its two letters."), "NO"),
    Column("email", On.WORD, _("The email address of a contact."), "safety@fjord.example"),
    Column("website", On.WORD, _("The website of a contact."), "https://fjord.example"),
    Column("market", On.WORD, _("The market of a price list."), "de"),
    Column("audience", On.WORD, _("The audience of a price list; public is everybody."), "public"),
    Column("priority", On.WORD, _("The priority of a price list when two prices are the same."), "0", shape=Shape.NUMBER),
    Column("begins", On.WORD, _("From when a price list applies."), "2027-11-26T00:00:00+01:00", shape=Shape.TIME),
    Column("ends", On.WORD, _("Until when a price list applies."), "2027-11-30T00:00:00+01:00", shape=Shape.TIME),
    Column("adjust_bp", On.WORD, _("How far a price list that follows another differs from it, in hundredths of a percent."), "-1000", shape=Shape.NUMBER),
    Column("price_ending", On.WORD, _("The price ending rule of a price list that follows another, as JSON."), '{"ending": "0.90"}'),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}


def title_of(text: str) -> Title | None:
    """A column title taken apart; None for one that is none of ours."""
    found = TITLE.fullmatch(text)
    if found is None or found[1].lower() not in BY_NAME:
        return None
    column = BY_NAME[found[1].lower()]
    parts = tuple(part.strip() for part in found[2].split(",")) if found[2] is not None else ()
    if column.per in (Per.LANGUAGE, Per.NUMBER_LANGUAGE) and parts:
        parts = (*parts[:-1], parts[-1].lower()) if len(parts) == _length(column) else parts
    return Title(column.name, parts) if _fits(column, parts) else None


def _fits(column: Column, parts: tuple[str, ...]) -> bool:
    """Whether the brackets hold what the column needs."""
    if column.per is Per.NOTHING:
        return not parts
    if not parts:
        return column.per in (Per.LANGUAGE, Per.LIST)
    if not all(parts) or len(parts) > _length(column):
        return False
    if column.per in (Per.NUMBER, Per.NUMBER_LANGUAGE):
        return len(parts) == _length(column) and parts[0].isdecimal()
    if column.per is Per.LIST:
        _code, at, quantity = parts[0].partition("@")
        return not at or quantity.isdecimal()
    return True


def _length(column: Column) -> int:
    return 2 if column.per in (Per.NUMBER_LANGUAGE, Per.ATTRIBUTE) else 1
