"""Forms of a product's markets: a row per market, what to copy from where, and one market's own words and pictures."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.actions.offers import MEDIA, VISIBILITY, WORDS, OfferWish
from catalog.publishing.markets import Choosable, MarketRow
from catalog.workspace.matrix_forms import InputForm
from markets.types import MarketContext

MOMENT = "%Y-%m-%dT%H:%M"
MOST_LETTERS = 20_000
PARTS = (
    (VISIBILITY, gettext_lazy("When it is seen")),
    (WORDS, gettext_lazy("Own words")),
    (MEDIA, gettext_lazy("Own pictures and films")),
)


def moment_input(**attrs: str) -> forms.DateTimeInput:
    """A date and a time, in the time zone of the page."""
    return forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local", **attrs})


class OfferRowForm(InputForm):
    """One market's row."""

    visible = forms.BooleanField(label=gettext_lazy("Visible"), required=False)
    visible_from = forms.DateTimeField(label=gettext_lazy("From"), required=False, widget=moment_input())
    visible_until = forms.DateTimeField(label=gettext_lazy("Until"), required=False, widget=moment_input())

    def __init__(self, row: MarketRow, data: Any = None) -> None:
        initial = {
            "visible": row.visible,
            "visible_from": row.visible_from,
            "visible_until": row.visible_until,
        }
        super().__init__(data, initial=initial, prefix=f"m-{row.code}")
        self.row = row
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{field.label}, {row.name}"
            if name != "visible":
                field.widget.attrs["class"] = "input cell-wide"

    def clean(self) -> dict[str, Any] | None:
        """The end is later than the beginning."""
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("visible_from"), cleaned.get("visible_until")
        if opens and closes and opens >= closes:
            self.add_error("visible_until", _("The end must be later than the beginning."))
        return cleaned

    def wish(self) -> OfferWish:
        """What the row says."""
        return OfferWish(market_code=self.row.code, **self.cleaned_data)


class CopyForm(InputForm):
    """From which market, to which others, and what."""

    source = forms.ChoiceField(label=gettext_lazy("Copy from"))
    target = forms.ChoiceField(label=gettext_lazy("Copy to"), required=False)
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What is copied"),
        choices=PARTS,
        initial=[VISIBILITY],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, rows: Iterable[MarketRow], data: Any = None) -> None:
        super().__init__(data, prefix="copy")
        self._codes = [row.code for row in rows]
        names = [(row.code, row.name) for row in rows]
        self.fields["source"].choices = names  # type: ignore[attr-defined]  # a choice field
        self.fields["target"].choices = [("", _("All other markets")), *names]  # type: ignore[attr-defined]  # as above

    def targets(self) -> list[str]:
        """The markets that are to change."""
        given = self.cleaned_data
        return [given["target"]] if given["target"] else [code for code in self._codes if code != given["source"]]


class PresentationForm(InputForm):
    """A market's own words, a field per language, and the places of its pictures."""

    own_media_only = forms.BooleanField(
        label=gettext_lazy("Show only these pictures and films in this market"), required=False
    )

    def __init__(
        self,
        market: MarketContext,
        languages: Mapping[str, str],
        choosable: Iterable[Choosable],
        *,
        words: Mapping[str, str],
        own_media_only: bool,
        data: Any = None,
    ) -> None:
        super().__init__(data, initial={"own_media_only": own_media_only})
        self.market, self.languages, self.choosable = market, languages, tuple(choosable)
        for code, name in languages.items():
            area = forms.Textarea({"rows": 4, "class": "input", "lang": code})
            self.fields[f"words-{code}"] = forms.CharField(
                label=name, required=False, max_length=MOST_LETTERS, initial=words.get(code, ""), widget=area
            )
        for each in self.choosable:
            number = forms.NumberInput({"class": "input cell-short", "min": 1, "max": 999})
            self.fields[f"place-{each.id}"] = forms.IntegerField(
                label=_("Place of %(picture)s") % {"picture": each.label},
                required=False,
                min_value=1,
                max_value=999,
                initial=each.place,
                widget=number,
            )

    def words(self) -> dict[str, str]:
        """What was written, by language."""
        return {code: self.cleaned_data[f"words-{code}"] for code in self.languages}

    def asset_ids(self) -> list[int]:
        """The pictures that have a place, by place; with the same place as they stood."""
        places = [(self.cleaned_data[f"place-{each.id}"], each.id) for each in self.choosable]
        return [pk for place, pk in sorted((place, pk) for place, pk in places if place is not None)]

    def word_fields(self) -> list[tuple[str, forms.BoundField]]:
        """Each language with its field."""
        return [(code, self[f"words-{code}"]) for code in self.languages]

    def media_fields(self) -> list[tuple[Choosable, forms.BoundField]]:
        """Each picture with its field."""
        return [(each, self[f"place-{each.id}"]) for each in self.choosable]
