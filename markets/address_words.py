"""The words of address forms: labels by what a field is called in its country, hints, and what is wrong."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

LABELS: dict[str, str | Promise] = {
    "name": gettext_lazy("Full name"),
    "company": gettext_lazy("Company"),
    "street": gettext_lazy("Street and house number"),
    "extra": gettext_lazy("Flat, floor or building"),
    "phone": gettext_lazy("Phone"),
    # places
    "city": pgettext_lazy("address", "City"),
    "post_town": pgettext_lazy("address", "Town"),
    "ward": gettext_lazy("City or ward"),
    "district": gettext_lazy("District"),
    "suburb": gettext_lazy("Suburb"),
    "neighborhood": gettext_lazy("Neighbourhood"),
    "village_township": gettext_lazy("Village or township"),
    "townland": gettext_lazy("Townland"),
    # areas
    "state": pgettext_lazy("address", "State"),
    "province": gettext_lazy("Province"),
    "prefecture": gettext_lazy("Prefecture"),
    "emirate": gettext_lazy("Emirate"),
    "county": gettext_lazy("County"),
    "department": gettext_lazy("Department"),
    "do_si": gettext_lazy("Province or metropolitan city"),
    "area": gettext_lazy("Area"),
    "island": gettext_lazy("Island"),
    "oblast": gettext_lazy("Oblast"),
    "parish": gettext_lazy("Parish"),
    # postal codes
    "postal": gettext_lazy("Postal code"),
    "zip": gettext_lazy("ZIP code"),
    "pin": gettext_lazy("PIN code"),
    "eircode": gettext_lazy("Eircode"),
}
DEFAULTS = {"region": "province", "city": "city", "district": "district", "postal_code": "postal"}
FIELD_HINTS: dict[str, str | Promise] = {
    "phone": gettext_lazy("The courier uses it only if they cannot find the door."),
}
MISSING: dict[str, str | Promise] = {
    "name": gettext_lazy("Enter the name of the person who receives the parcel."),
    "street": gettext_lazy("Enter the street and house number."),
    "city": gettext_lazy("Enter the city."),
    "district": gettext_lazy("Enter the district."),
    "postal_code": gettext_lazy("Enter the postal code."),
    "phone": gettext_lazy("Enter a phone number. Couriers there do not deliver without one."),
    "company": gettext_lazy("Enter the company."),
    "extra": gettext_lazy("Enter the flat, floor or building."),
}
CHOOSE: dict[str, str | Promise] = {
    "state": gettext_lazy("Choose a state."),
    "prefecture": gettext_lazy("Choose a prefecture."),
    "emirate": gettext_lazy("Choose an emirate."),
    "province": gettext_lazy("Choose a province."),
    "county": gettext_lazy("Choose a county."),
}


def label_of(name: str, kind: str, *, required: bool) -> str:
    """The label in the running language; fields that may stay empty say so."""
    word = str(LABELS.get(kind) or LABELS.get(DEFAULTS.get(name, name)) or LABELS["area"])
    return word if required else _("%(field)s (optional)") % {"field": word}


def problem_of(name: str, kind: str, trouble: str) -> str:
    """The sentence for a field: `missing`, `choose` one of the list, or the wrong `shape`."""
    if trouble == "shape":
        if kind == "zip":
            return _("This ZIP code has another form than we know. It looks like %(example)s.")
        return _("This postal code has another form than we know. It looks like %(example)s.")
    if name == "region":
        return str(CHOOSE.get(kind) or _("Choose an area of the list."))
    return str(MISSING.get(name) or _("Fill in this field."))
