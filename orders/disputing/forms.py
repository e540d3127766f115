"""The checklist of a dispute."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from payments.actions.disputes import Piece
from payments.models import Dispute, EvidenceKind


class ChecklistForm(forms.Form):
    """Per kind: hand it in or not, and a note."""

    def __init__(self, dispute: Dispute, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {piece.kind: piece for piece in dispute.evidence.all()}
        for kind in EvidenceKind:
            piece = kept.get(kind.value)
            self.fields[f"chosen_{kind.value}"] = forms.BooleanField(
                label=_("Hand in"), required=False, initial=piece.is_chosen if piece else False
            )
            self.fields[f"note_{kind.value}"] = forms.CharField(
                label=_("Note"),
                required=False,
                max_length=2000,
                initial=piece.note if piece else "",
                widget=forms.Textarea(attrs={"rows": 2, "class": "input"}),
            )

    def pieces(self) -> dict[str, Piece]:
        """What was chosen."""
        return {
            kind: Piece(is_chosen=self.cleaned_data[f"chosen_{kind}"], note=self.cleaned_data[f"note_{kind}"])
            for kind in EvidenceKind.values
        }


class AssignForm(forms.Form):
    """Who looks after it."""

    person = forms.ModelChoiceField(
        label=_("Looked after by"),
        queryset=get_user_model().objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = get_user_model().objects.filter(is_staff=True, is_active=True).order_by("email")
        self.fields["person"].queryset = staff  # type: ignore[attr-defined]  # the field made above


class EndForm(forms.Form):
    """How it was handed in, or why the shop gives it up."""

    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2, "class": "input"})
    )
