"""The import's form."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from markets.queries import active_markets

MOST_BYTES = 50 * 1024 * 1024
FORMATS = (("shopify", "Shopify CSV"),)


class ImportForm(forms.Form):
    """A product table, what it is, and whether it is only to be tried out."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("A table of products as CSV. Nothing is changed before you say so."),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )
    format = forms.ChoiceField(label=_("Format"), choices=FORMATS)
    market = forms.ChoiceField(
        label=_("Market"), help_text=_("The prices in the file are in the currency of this market.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("The language of the words in the file.")
    )
    dry_run = forms.BooleanField(
        label=_("Try it out first: say what would happen and change nothing"), required=False, initial=True
    )
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(uuid4()), max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        markets = active_markets(language=get_language())
        choices = [(market.code, f"{market.name} ({market.currency})") for market in markets]
        self.fields["market"].choices = choices  # type: ignore[attr-defined]  # a choice field
        for name in ("file", "format", "market", "language"):
            self.fields[name].widget.attrs["class"] = "input"

    def clean_file(self) -> UploadedFile[Any]:
        """A file that is small enough to be read and not empty."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        size = file.size or 0
        if not size:
            raise forms.ValidationError(_("This file is empty. Choose another one."))
        if size > MOST_BYTES:
            most = filesizeformat(MOST_BYTES)
            raise forms.ValidationError(_("This file is larger than %(most)s. Split it.") % {"most": most})
        return file
