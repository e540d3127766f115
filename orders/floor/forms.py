"""The forms of the warehouse floor. Each that changes more than a count carries a key, so that it is done once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.actions.packing import BoxFacts, Way
from orders.floor.cartons import CartonChoice
from orders.floor.types import TotePick
from orders.workspace.forms import KeyedForm

HEAVIEST_G = 100_000
LONGEST_MM = 5_000


class ScanForm(forms.Form):
    """What a scanner types. The field is ready for the next one when the page comes back."""

    code = forms.CharField(
        label=_("Scan or type a code"),
        max_length=120,
        widget=forms.TextInput(
            {
                "class": "input f-scan",
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
                "enterkeyhint": "done",
                "autofocus": True,
            }
        ),
    )


class TakeForm(forms.Form):
    """How many of a stop's pieces are in each tote now."""

    def __init__(self, picks: Sequence[TotePick], data: Any = None) -> None:
        super().__init__(data, auto_id="take-%s")
        self.picks = picks
        for one in picks:
            label = _("Pieces in tote %(tote)s") % {"tote": one.tote}
            widget = forms.NumberInput({"class": "input f-count", "inputmode": "numeric", "aria-label": label})
            self.fields[f"task_{one.task}"] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=one.quantity,
                initial=one.picked or one.quantity - one.missing,
                widget=widget,
            )

    def taken(self) -> dict[int, int]:
        """Pieces by pick."""
        return {one.task: self.cleaned_data[f"task_{one.task}"] for one in self.picks}


class BoxForm(KeyedForm):
    """The closed box: its carton or its measures, and what the scale says."""

    carton = forms.ChoiceField(label=_("Carton"), required=False)
    weight_g = forms.IntegerField(
        label=_("Weight, g"),
        min_value=1,
        max_value=HEAVIEST_G,
        widget=forms.NumberInput({"inputmode": "numeric", "class": "input f-count"}),
    )
    length_mm = forms.IntegerField(label=_("Length, mm"), required=False, min_value=1, max_value=LONGEST_MM)
    width_mm = forms.IntegerField(label=_("Width, mm"), required=False, min_value=1, max_value=LONGEST_MM)
    height_mm = forms.IntegerField(label=_("Height, mm"), required=False, min_value=1, max_value=LONGEST_MM)
    reason = forms.CharField(
        label=_("Why not every piece was scanned"),
        max_length=200,
        required=False,
        help_text=_("Only when you close the box without it. It is kept with your name."),
    )

    def __init__(self, choice: CartonChoice, data: Any = None, *, weight_g: int = 0, may_skip: bool = False) -> None:
        super().__init__(data, auto_id="box-%s", initial={"carton": choice.proposed, "weight_g": weight_g or None})
        self.choice = choice
        if choice.cartons:
            named = [
                (one.code, f"{one.name} ({one.length_mm} × {one.width_mm} × {one.height_mm} mm)")
                for one in choice.cartons
            ]
            found: Any = self.fields["carton"]
            found.choices = [("", _("Another box")), *named]
        else:
            del self.fields["carton"]
        if not may_skip:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """A box of its own is measured whole or not at all."""
        told: dict[str, Any] = super().clean() or {}
        sides = [told.get(f"{side}_mm") for side in ("length", "width", "height")]
        if not told.get("carton") and any(sides) and not all(sides):
            self.add_error("length_mm", _("Give length, width and height, or none of them."))
        return told

    def facts(self) -> BoxFacts:
        """What was measured; a carton brings its own sides."""
        told = self.cleaned_data
        carton = next((one for one in self.choice.cartons if one.code == told.get("carton")), None)
        if carton is not None:
            return BoxFacts(
                weight_g=told["weight_g"],
                carton=carton.code,
                length_mm=carton.length_mm,
                width_mm=carton.width_mm,
                height_mm=carton.height_mm,
            )
        return BoxFacts(
            weight_g=told["weight_g"],
            length_mm=told["length_mm"] or 0,
            width_mm=told["width_mm"] or 0,
            height_mm=told["height_mm"] or 0,
        )


class WayForm(KeyedForm):
    """With whom the box travels, typed by hand."""

    carrier = forms.CharField(label=_("Carrier"), max_length=80)
    tracking_no = forms.CharField(
        label=_("Tracking number"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
        help_text=_("Scan it from the label."),
    )
    tracking_url = forms.URLField(label=_("Tracking page"), required=False, assume_scheme="https")

    def way(self) -> Way:
        """The answers."""
        told = self.cleaned_data
        return Way(carrier=told["carrier"], tracking_no=told["tracking_no"], tracking_url=told["tracking_url"])


class ElsewhereForm(KeyedForm):
    """From where missing pieces are sent instead."""

    warehouse = forms.ChoiceField(label=_("Send from"))
    books_off = forms.BooleanField(label=_("Book the missing pieces off the stock here"), required=False, initial=True)

    def __init__(self, places: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data, auto_id="elsewhere-%s")
        found: Any = self.fields["warehouse"]
        found.choices = list(places)


class GiveUpForm(KeyedForm):
    """The order wants them no longer."""

    books_off = forms.BooleanField(label=_("Book the missing pieces off the stock here"), required=False, initial=True)
