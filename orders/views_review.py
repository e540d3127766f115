"""A review, written from the order it belongs to."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from catalog.actions.reviews import MOST_PICTURES
from catalog.errors import MediaProblem, ReviewedAlready
from markets.prefix import storefront_url
from orders.errors import LineUnknown, OrderUnknown
from orders.models import Order, OrderLine
from orders.queries import order_by_link
from orders.reviewing import Opinion, line_to_review, write_review
from orders.showing import finder, market_of, secret

MOST_BYTES = 8 * 1024 * 1024
STARS = (5, 4, 3, 2, 1)


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files as their contents; none is fine. Whether they are pictures is seen when they are stored."""

    widget = ManyFiles(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> tuple[bytes, ...]:
        """Each file within bounds."""
        files = data if isinstance(data, list | tuple) else [data]
        sent = (super(PhotosField, self).clean(one) for one in files)
        found: list[UploadedFile[bytes]] = [file for file in sent if file]
        if len(found) > MOST_PICTURES:
            words = ngettext("Send at most %(count)d photo.", "Send at most %(count)d photos.", MOST_PICTURES)
            raise ValidationError(words % {"count": MOST_PICTURES})
        if any((file.size or 0) > MOST_BYTES for file in found):
            raise ValidationError(_("One of the photos is larger than 8 MB."))
        return tuple(file.read() for file in found)


class ReviewForm(forms.Form):
    """Stars, words, the name to show, and pictures."""

    rating = forms.TypedChoiceField(
        label=gettext_lazy("Stars"),
        choices=[(str(stars), str(stars)) for stars in STARS],
        coerce=int,
        error_messages={"required": gettext_lazy("Choose how many stars you give.")},
    )
    title = forms.CharField(label=gettext_lazy("In a few words"), max_length=160, required=False)
    body = forms.CharField(
        label=gettext_lazy("Your review"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name shown with the review"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        error_messages={"required": gettext_lazy("Choose a name to be shown with your review.")},
    )
    pictures = PhotosField(
        label=gettext_lazy("Photos"),
        required=False,
        help_text=gettext_lazy("Up to four. The place where a photo was taken is removed from it."),
    )


@dataclass(frozen=True)
class ReviewPage:
    """The page around the form."""

    title: str
    line: OrderLine
    order_url: str
    stars: tuple[int, ...] = STARS
    chosen: int = 0


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, number: str, token: str, line_id: int) -> HttpResponse:
    """The form for one line of the order; a review waits for a look before it is shown."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    order_url = _order_url(request, number, token)
    try:
        line = line_to_review(order, line_id)
    except LineUnknown as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(order_url)
    form = ReviewForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _keep(request, form, order, line):
        messages.success(request, _("Thank you. Your review will be shown once somebody has looked at it."))
        return HttpResponseRedirect(order_url)
    return _show(request, form, line, order_url)


def _keep(request: HttpRequest, form: ReviewForm, order: Order, line: OrderLine) -> bool:
    found: dict[str, Any] = form.cleaned_data
    try:
        write_review(order=order, line=line, language=market_of(request).language, opinion=Opinion(**found))
    except ReviewedAlready as refusal:
        form.add_error(None, str(refusal))
    except MediaProblem as refusal:
        form.add_error("pictures", str(refusal))
    else:
        return True
    return False


def _show(request: HttpRequest, form: ReviewForm, line: OrderLine, order_url: str) -> HttpResponse:
    title = _("Write a review")
    chosen = str(form["rating"].value() or "")
    page = ReviewPage(
        title=_("Error: %(title)s") % {"title": title} if form.errors else title,
        line=line,
        order_url=order_url,
        chosen=int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) == 1 else 0,
    )
    response = render(
        request, "storefront/review.html", {"page": page, "form": form}, status=422 if form.errors else 200
    )
    return secret(response)


def _order_url(request: HttpRequest, number: str, token: str) -> str:
    market = market_of(request)
    at = {"number": number, "token": token}
    return storefront_url("orders:page", market=market.code, language=market.language, kwargs=at)
