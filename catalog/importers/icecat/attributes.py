"""What the attribute keys of Icecat mean: `attr_n_cable_length` is a number, in metres.

The records carry no units: Icecat states each measure in one unit throughout, listed here as far as they are known.
"""

import re
from functools import cache
from hashlib import sha256

from catalog.importers.drafts import ImportedAttribute

KEY = re.compile(r"attr_([tnb])_(.+)")
ENDINGS = {"t": "", "n": "-n", "b": "-b"}
LONGEST_CODE, LONGEST_NAME = 40, 80

CHOICES = {
    "product_colour", "product_type", "type", "form_factor", "printing_colours", "print_technology", "ink_type",
    "brand_compatibility", "cable_colour", "material", "connector_1", "connector_2", "connector_gender",
    "connectivity_technology", "jacket_material", "battery_technology", "processor_family", "processor_manufacturer",
    "processor_socket", "internal_memory_type", "storage_media", "display_resolution", "hd_type", "aspect_ratio",
    "operating_system_installed", "compatible_memory_cards", "bluetooth_version", "wi_fi_standards", "cable_standard",
    "cable_shielding", "interface", "market_segment", "package_type", "finish_type", "shape",
}  # fmt: skip
"""Texts with few values, several of them separated by commas."""
FILTERS = {
    "product_colour", "form_factor", "printing_colours", "print_technology", "brand_compatibility", "material",
    "connectivity_technology", "processor_family", "internal_memory_type", "storage_media", "display_resolution",
    "interface", "cable_standard",
}  # fmt: skip
SEARCHED = CHOICES | {"compatibility", "product_family", "oem_code", "processor_model", "compatible_products"}

UNITS = {
    "cable_length": "m", "display_diagonal": "″", "processor_frequency": "GHz", "processor_boost_frequency": "GHz",
    "processor_front_side_bus": "MHz", "memory_clock_speed": "MHz", "internal_memory": "GB",
    "maximum_internal_memory": "GB", "total_storage_capacity": "GB", "hdd_capacity": "GB", "ssd_capacity": "GB",
    "total_ssds_capacity": "GB", "thermal_design_power__tdp_": "W", "processor_lithography": "nm",
    "power_consumption__typical_": "W", "power_consumption__standby_": "W", "power_consumption__off_": "W",
    "black_toner_page_yield": "pages", "colour_toner_page_yield": "pages", "page_yield": "pages",
    "colour_ink_volume": "ml", "battery_voltage": "V", "ac_adapter_power": "W", "impedance": "Ω",
    "viewing_angle__horizontal": "°", "viewing_angle__vertical": "°", "display_brightness": "cd/m²",
    "display_brightness__typical_": "cd/m²", "battery_capacity__watt_hours_": "Wh", "media_weight": "g/m²",
    "print_media_weight": "g/m²", "surge_energy_rating": "J", "recommended_age__min_": "years",
    "maximum_weight_capacity": "kg",
}  # fmt: skip
MILLIMETRES = re.compile(r"(?:^|_)(?:width|height|depth|length|diameter)(?:__with_stand_)?$")
GRAMS = re.compile(r"(?:^|_)weight$")
IMPERIAL = re.compile(r"_(?:imperial|uk)_$")
LOGISTICS = re.compile(r"pallet|master__outer|outer_carton|case_or_master_carton|shipping__inner")
ELSEWHERE = {
    "status", "last_change", "processor_ark_id", "launch_date", "harmonized_system__hs__code", "country_of_origin",
}  # fmt: skip
"""Taken into other fields, or of no use to a shopper."""
WORDS = {
    word.lower(): word
    for word in (
        "AC", "DC", "ARK", "AWG", "CD", "CPU", "DVD", "DVI", "ECC", "EMI", "FSB", "GPS", "HD", "HDD", "HDMI", "HP",
        "ID", "IP", "LAN", "LCD", "LED", "OEM", "OS", "PC", "PCI", "RAID", "RAM", "RFI", "RMS", "RoHS", "SSD",
        "TDP", "TV", "UK", "UPS", "USB", "VGA", "VPN", "Wi", "Intel", "Windows", "Bluetooth", "Ethernet", "Mac",
    )
}  # fmt: skip


@cache
def attribute_of(key: str) -> ImportedAttribute | None:
    """The detail a key stands for; nothing for what is not shown: pallets, cartons and what other fields hold."""
    found = KEY.fullmatch(key)
    if found is None:
        return None
    letter, word = found[1], found[2]
    if word in ELSEWHERE or LOGISTICS.search(word) or IMPERIAL.search(word):
        return None
    is_choice = letter == "t" and word in CHOICES
    return ImportedAttribute(
        name=_name(word),
        code=_code(word, letter),
        data_type="enum" if is_choice else {"t": "text", "n": "number", "b": "bool"}[letter],
        unit=_unit(word) if letter == "n" else "",
        section="dimensions" if MILLIMETRES.search(word) or GRAMS.search(word) else "details",
        filterable=True if is_choice and word in FILTERS else None,
        searchable=True if letter == "t" and word in SEARCHED else None,
    )


def _unit(word: str) -> str:
    if word in UNITS:
        return UNITS[word]
    if MILLIMETRES.search(word):
        return "mm"
    return "g" if GRAMS.search(word) else ""


def _code(word: str, letter: str) -> str:
    """The word with hyphens, and the letter of a number or flag: a few words occur as text and as a number."""
    plain = re.sub(r"_+", "-", word).strip("-") + ENDINGS[letter]
    if len(plain) <= LONGEST_CODE:
        return plain
    return f"{plain[: LONGEST_CODE - 9].strip('-')}-{sha256(plain.encode()).hexdigest()[:8]}"


def _name(word: str) -> str:
    """`contrast_ratio__typical_` is `Contrast ratio (typical)`; the (T-T) of temperatures says nothing."""
    word = re.sub(r"__(?:t_t|h_h)_$", "", word)
    spaced = re.sub(r"__(.+?)_(?=_|$)", r" (\1) ", word).replace("_", " ")
    words = [re.sub(r"\w+", lambda found: WORDS.get(found[0], found[0]), part) for part in spaced.split()]
    plain = " ".join(words).replace("( ", "(").replace(" )", ")")
    return (plain[:1].upper() + plain[1:])[:LONGEST_NAME]
