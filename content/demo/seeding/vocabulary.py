"""The words products are described with."""

from typing import Any

from catalog.actions.vocabulary import (
    put_attribute,
    put_attribute_option,
    put_brand,
    put_category,
    put_maker,
    put_option_type,
    put_option_value,
    put_product_type,
)
from content.demo.texts import table, words

RESPONSIBLE = "eu-responsible"
TEXTS = ("name", "description", "meta_title", "meta_description")


def seed_vocabulary() -> None:
    """Product types, makers, brands, options, attributes and the category tree."""
    put_product_type(code="physical", name="Goods")
    put_product_type(code="set", name="Set of goods")
    put_product_type(code="clothing", name="Clothing", size_tables=("women_clothing", "men_jackets"))
    put_product_type(code="legwear", name="Socks", size_tables=("women_shoes", "men_shoes"))
    for row in table("brands"):
        _brand(row)
    for row in table("options")["option_types"]:
        _option(row)
    for row in table("attributes"):
        _attribute(row)
    for row in table("categories"):
        put_category(
            code=row["code"],
            parent=row["parent"],
            position=row["sort"],
            texts={name: words(row[name]) for name in TEXTS},
        )


def _brand(row: dict[str, Any]) -> None:
    put_brand(code=row["code"], name=row["name"], story=words(row["story"]))
    maker, responsible = row["manufacturer"], row["eu_responsible"]
    put_maker(
        code=row["code"],
        name=maker["name"],
        postal_address=_without_country(maker["address"]),
        country=row["country"],
        email=maker["email"],
    )
    put_maker(
        code=RESPONSIBLE,
        name=responsible["name"],
        postal_address=_without_country(responsible["address"]),
        country="DE",
        email=responsible["email"],
    )


def _without_country(address: str) -> str:
    """The page names the country in the reader's language."""
    return address.rpartition(",")[0]


def _option(row: dict[str, Any]) -> None:
    put_option_type(code=row["code"], names=words(row["name"]), input=row["input"], position=row["sort"])
    for value in row["values"]:
        put_option_value(
            option_type=row["code"],
            code=value["code"],
            names=words(value["label"]),
            hex=value.get("hex"),
            position=value["sort"],
        )


def _attribute(row: dict[str, Any]) -> None:
    put_attribute(
        code=row["code"],
        names=words(row["name"]),
        data_type=row["data_type"],
        unit=row["unit"] or "",
        filterable=row["filterable"],
    )
    for value in row.get("values", ()):
        put_attribute_option(
            attribute=row["code"], code=value["code"], names=words(value["label"]), position=value["sort"]
        )
