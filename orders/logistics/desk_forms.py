"""The operators' forms about parcels on their way."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.actions.parcel_labels import Box
from orders.models import ClaimState, ParcelException
from orders.workspace.forms import KeyedForm

DAY = {"type": "date"}
HEAVIEST_G = 100_000
LONGEST_CM = 400


class PlanForm(KeyedForm):
    """Who takes care of it, until when, and whether somebody else has the next word."""

    owner = forms.ChoiceField(label=_("Who takes care"), required=False)
    due_on = forms.DateField(label=_("Next step until"), required=False, widget=forms.DateInput(DAY, "%Y-%m-%d"))
    waits_on = forms.DateField(
        label=_("Wait until"),
        required=False,
        widget=forms.DateInput(DAY, "%Y-%m-%d"),
        help_text=_("When the carrier or the customer has the next word. It is no work before that day."),
    )

    def __init__(self, row: ParcelException, people: list[tuple[str, str]], data: Any = None) -> None:
        initial = {"owner": str(row.owner_id or ""), "due_on": timezone.localdate(row.due_at)}
        super().__init__(data, auto_id="plan-%s", initial=initial)
        self.fields["owner"].choices = [("", _("Nobody yet")), *people]  # type: ignore[attr-defined]  # a choice field

    @property
    def owner_id(self) -> int | None:
        """Of a valid form."""
        return int(self.cleaned_data["owner"]) if self.cleaned_data["owner"] else None

    def end_of(self, name: str) -> datetime | None:
        """The end of a day where the operator is."""
        day = self.cleaned_data[name]
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59))).astimezone(UTC) if day else None


class ResolveTroubleForm(KeyedForm):
    """What was done."""

    resolution = forms.CharField(label=_("What was done?"), max_length=500)


class ClaimForm(KeyedForm):
    """What stands with the claim against the carrier."""

    state = forms.ChoiceField(label=_("Claim against the carrier"), choices=ClaimState.choices)
    reference = forms.CharField(label=_("Number of the claim"), max_length=80, required=False)


class BoxForm(forms.Form):
    """The packed box. It is asked for by GET, because asking for prices changes nothing."""

    weight_g = forms.IntegerField(label=_("Weight, g"), min_value=1, max_value=HEAVIEST_G, required=False)
    length_cm = forms.IntegerField(label=_("Length, cm"), min_value=1, max_value=LONGEST_CM, required=False)
    width_cm = forms.IntegerField(label=_("Width, cm"), min_value=1, max_value=LONGEST_CM, required=False)
    height_cm = forms.IntegerField(label=_("Height, cm"), min_value=1, max_value=LONGEST_CM, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input a-qty"

    @staticmethod
    def unknown() -> Box:
        """Nobody has weighed or measured it."""
        return Box()

    @property
    def box(self) -> Box:
        """Of a form that was looked at; what cannot be understood is not known."""
        said = self.cleaned_data
        sides = tuple(int(said.get(name) or 0) * 10 for name in ("length_cm", "width_cm", "height_cm"))
        return Box(weight_g=said.get("weight_g") or 0, sides_mm=(sides[0], sides[1], sides[2]))


class BuyForm(KeyedForm):
    """Which label of which account, for which box."""

    account = forms.CharField(widget=forms.HiddenInput, max_length=40)
    service = forms.CharField(widget=forms.HiddenInput, max_length=80)
    weight_g = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=HEAVIEST_G)
    length_mm = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LONGEST_CM * 10)
    width_mm = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LONGEST_CM * 10)
    height_mm = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LONGEST_CM * 10)

    @property
    def box(self) -> Box:
        """Of a valid form."""
        said = self.cleaned_data
        return Box(weight_g=said["weight_g"], sides_mm=(said["length_mm"], said["width_mm"], said["height_mm"]))


class GiveBackForm(KeyedForm):
    """Why a label is given back."""

    reason = forms.CharField(label=_("Why is the label given back?"), max_length=200)


class GiveUpForm(KeyedForm):
    """How it is known that a carrier never made a label."""

    reason = forms.CharField(label=_("How do you know that the carrier did not make it?"), max_length=200)
