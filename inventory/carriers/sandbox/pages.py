"""Labels of the sandbox as they are printed: a page of PDF, or ZPL for a label printer of 203 dpi. Pure."""

from collections.abc import Iterable
from pathlib import Path

from core.barcodes import code128
from core.typesetting import pdf_of
from inventory.carriers.types import Shipment

TEMPLATE = Path(__file__).parent / "label.typ"
WARNING = "TEST LABEL – NOT FOR CARRIAGE"
DOTS_PER_MM = 8
WIDTH, LENGTH = 100 * DOTS_PER_MM, 150 * DOTS_PER_MM
MARGIN = 5 * DOTS_PER_MM


def label_pdf(shipment: Shipment, *, carrier: str, service: str, tracking_no: str) -> bytes:
    """One page of 100 by 150 mm."""
    sheet = {
        "carrier": carrier,
        "service": service,
        "tracking_no": tracking_no,
        "from_words": "FROM",
        "from_lines": list(shipment.sender.lines),
        "to_words": "TO",
        "to_lines": list(shipment.receiver.lines),
        "country": shipment.receiver.country,
        "weight": weight_words(shipment.parcel.weight_g),
        "customs": customs_words(shipment),
        "barcode": code128(tracking_no, height=80),
        "order": shipment.order_ref,
        "warning": WARNING,
    }
    return pdf_of(TEMPLATE, sheet)


def label_zpl(shipment: Shipment, *, carrier: str, service: str, tracking_no: str) -> bytes:
    """The same for label printers, in UTF-8 (`^CI28`)."""
    lines = [
        "^XA^CI28",
        f"^PW{WIDTH}^LL{LENGTH}^LH0,0",
        _text(MARGIN, 50, carrier, y=40),
        _text(480, 28, service, y=54),
        f"^FO{MARGIN},105^GB{WIDTH - 2 * MARGIN},3,3^FS",
        *_block(shipment.sender.lines, size=24, y=120),
        f"^FO{MARGIN},330^GB{WIDTH - 2 * MARGIN},3,3^FS",
        *_block(shipment.receiver.lines, size=40, y=350),
        f"^FO{MARGIN},700^GB{WIDTH - 2 * MARGIN},3,3^FS",
        _text(MARGIN, 30, weight_words(shipment.parcel.weight_g), y=715),
        _text(680, 60, shipment.receiver.country, y=710),
        _text(MARGIN, 20, customs_words(shipment), y=780),
        f"^BY3,3,160^FO{MARGIN},850^BCN,160,Y,N,N,A^FH^FD{escaped(tracking_no)}^FS",
        _text(MARGIN, 20, f"{shipment.order_ref}   {WARNING}", y=1150),
        "^XZ\n",
    ]
    return "\n".join(line for line in lines if line).encode()


def escaped(value: str) -> str:
    """Text for a field of ZPL: its own signs are written as numbers, so that no address can command the printer."""
    return "".join(f"_{ord(letter):02X}" if letter in "^~_\\" or ord(letter) < 32 else letter for letter in value)


def weight_words(grams: int) -> str:
    """Kilograms with three digits, as scales have them."""
    return f"{grams // 1000}.{grams % 1000:03d} kg"


def customs_words(shipment: Shipment) -> str:
    """What a label says of customs, in short."""
    if shipment.customs is None:
        return ""
    number = f" {shipment.customs.scheme} {shipment.customs.scheme_number}".rstrip()
    codes = ", ".join(sorted({one.hs_code for one in shipment.customs.items if one.hs_code})[:6])
    return f"{shipment.customs.terms}{number} · HS {codes}"


def _text(x: int, size: int, value: str, *, y: int) -> str:
    return f"^FO{x},{y}^A0N,{size},{size}^FH^FD{escaped(value)}^FS" if value else ""


def _block(lines: Iterable[str], *, size: int, y: int) -> Iterable[str]:
    for number, line in enumerate(lines):
        yield _text(MARGIN, size, line, y=y + number * (size + 8))
