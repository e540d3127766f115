"""Large tables, made here: cheap rows, several variants for each product, deterministic."""

from collections.abc import Iterator

HEAD = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,"
    "Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Status"
)
SIZES = ("S", "M", "L", "XL")
COLOURS = ("Ink", "Clay", "Moss")
VARIANTS = 4


def lines(rows: int) -> Iterator[str]:
    """A Shopify table with so many rows, four to a product. One product in five hundred is broken."""
    yield HEAD
    for number in range(rows // VARIANTS):
        for position, size in enumerate(SIZES):
            first = position == 0
            price = "free" if number % 500 == 499 and position == 2 else f"{10 + number % 90}.90"
            yield ",".join(
                (
                    f"item-{number}",
                    f"Item number {number}" if first else "",
                    f"<p>Item {number} of many</p>" if first else "",
                    f"Maker {number % 40}" if first else "",
                    "",
                    f'"row {number % 7}, all"' if first else "",
                    "Size" if first else "",
                    size,
                    "Colour" if first else "",
                    COLOURS[number % 3],
                    f"IT-{number}-{size}",
                    str(100 + number % 50),
                    str(number % 9),
                    price,
                    f"{20 + number % 90 + 80}.00" if number % 4 == 0 and price != "free" else "",
                    f"https://pictures.example/{number}.jpg" if first and number % 10 == 0 else "",
                    "active",
                )
            )


def table(rows: int) -> bytes:
    """The same as a file."""
    return "\n".join(lines(rows)).encode() + b"\n"
