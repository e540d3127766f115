"""Every message the shop writes, in every language and by every channel, to look at before anybody gets it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from core.languages import direction
from core.limits import attempt
from core.notifications.channels import EMAIL, PUSH, SMS
from core.notifications.kinds import TOPICS
from core.notifications.lengths import sms_segments
from core.notifications.previewing import NoSuchMessage, preview, previewable, send_sample
from core.notifications.rendering import Rendered
from core.notifications.words import MOST_LETTERS, WordsRefused, save_words, words_at
from markets.queries import active_markets
from orders.models import Order
from orders.rehearsing import REHEARSALS, rehearsed
from orders.workspace.views import screen

PERMISSION = "core.preview_message"
WORDS_PERMISSION = "core.change_messagewords"
ORDER_PERMISSION = "orders.view_order"
SAMPLES_PER_HOUR = 30
CHANNELS = (
    (EMAIL, gettext_lazy("Email")),
    (SMS, gettext_lazy("Text message")),
    (PUSH, gettext_lazy("Web push")),
)
FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; sandbox"


class PreviewForm(forms.Form):
    """Which message, by which channel, in which language, for which market; or that of an order."""

    kind = forms.ChoiceField(label=gettext_lazy("Message"))
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=CHANNELS, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES, required=False)
    market = forms.ChoiceField(label=gettext_lazy("Market"), required=False)
    order = forms.CharField(
        label=pgettext_lazy("purchase", "Order"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Shows the words of this order, in its language. Empty: sample words."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        markets = [(one.code, one.name) for one in active_markets()]
        choices: dict[str, list[tuple[str, Any]]] = {
            "kind": [(one.name, one.title) for one in previewable()],
            "market": [("", _("Every market")), *markets],
        }
        for name, found in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared so above)
            field.choices = found
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class WordsForm(forms.Form):
    """A sentence or a signature. `seen` is what stood there when the form was shown."""

    text = forms.CharField(
        label=gettext_lazy("Words"), required=False, max_length=MOST_LETTERS, widget=forms.Textarea(attrs={"rows": 4})
    )
    seen = forms.CharField(required=False, max_length=MOST_LETTERS, widget=forms.HiddenInput, strip=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["class"] = "input"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is looked at, as far as it exists; else the first message, mail, and the reader's language."""

    kind: str
    channel: str
    language: str
    market: str
    order: str

    @classmethod
    def read(cls, given: Any) -> "Choice":
        """From an address or a form."""
        form = PreviewForm(given)
        form.is_valid()
        found = form.cleaned_data
        return cls(
            kind=found.get("kind") or previewable()[0].name,
            channel=found.get("channel") or EMAIL,
            language=found.get("language") or get_language() or settings.LANGUAGE_CODE,
            market=found.get("market") or "",
            order=(found.get("order") or "").strip(),
        )

    def fields(self) -> dict[str, str]:
        """For the form, and for an address."""
        return {
            "kind": self.kind,
            "channel": self.channel,
            "language": self.language,
            "market": self.market,
            "order": self.order,
        }


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A message to look at, and the language it is written in."""

    rendered: Rendered
    channel: str
    language: str
    market: str
    is_real: bool = False


class MailsView(View):
    """The choice of a message, and how it looks; a test goes to whoever asks for it and nobody else."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People who may look at messages only."""
        _must(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The message its address asks for; without one the first."""
        return _page(request, Choice.read(request.GET))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send the sample to oneself, or keep the market's own words."""
        choice = Choice.read(request.POST)
        place = request.POST.get("words", "")
        if place:
            return _save(request, choice, kind="" if place == "signature" else choice.kind)
        person: Any = request.user
        if not attempt("sample-message", str(person.pk), limit=SAMPLES_PER_HOUR, seconds=3600):
            messages.error(request, _("That was tried too often. Wait an hour."))
        else:
            send_sample(name=choice.kind, language=choice.language, market=choice.market, to=person.email)
            messages.success(request, _("A test is on its way to %(email)s.") % {"email": person.email})
        return _back(choice)


@require_safe
@xframe_options_sameorigin
def mail_frame(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """The HTML part as its reader sees it, inert: nothing runs, nothing is fetched."""
    _must(request)
    if language not in dict(settings.LANGUAGES) or kind not in {one.name for one in previewable()}:
        raise Http404
    choice = Choice.read({**request.GET.dict(), "kind": kind, "language": language, "channel": EMAIL})
    response = HttpResponse(_shown(request, choice).rendered.html)
    response["Content-Security-Policy"] = FRAME_POLICY
    return response


def _page(
    request: HttpRequest, choice: Choice, *, refused: dict[str, WordsForm] | None = None, status: int = 200
) -> HttpResponse:
    shown = _shown(request, choice)
    declared = next(one for one in previewable() if one.name == choice.kind)
    language, market = shown.language, shown.market
    person: Any = request.user
    frame = reverse("admin:console_mail_frame", args=[choice.kind, language])
    response = screen(
        request,
        "admin/console/mails.html",
        status=status,
        title=_("Messages to customers"),
        form=PreviewForm({**choice.fields(), "channel": shown.channel, "language": language, "market": market}),
        choice=choice,
        kind=declared,
        topic=TOPICS[declared.topic],
        channel=shown.channel,
        language=language,
        market=market,
        direction=direction(language),
        shown=shown.rendered,
        is_real=shown.is_real,
        channels=[label for code, label in CHANNELS if code in declared.channels],
        segments=sms_segments(shown.rendered.text) if shown.channel == SMS else 0,
        frame_url=f"{frame}?{urlencode({'market': market, 'order': choice.order})}",
        words=_words(language=language, market=market, kind=choice.kind, refused=refused or {}),
        may_write=request.user.has_perm(WORDS_PERMISSION),
        recipient=person.email,
    )
    response._csp_replace = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]  # read by django-csp
    return response


def _shown(request: HttpRequest, choice: Choice) -> Shown:
    """The order's own message where one is asked for and may be seen; else the sample."""
    order = Order.objects.filter(number=choice.order).first() if choice.order else None
    if order is not None and not request.user.has_perm(ORDER_PERMISSION):
        raise PermissionDenied
    found = rehearsed(order, choice.kind) if order is not None else None
    if found is not None:
        channel = choice.channel if choice.channel in found.parts else EMAIL
        return Shown(
            rendered=found.parts[channel], channel=channel, language=found.language, market=found.market, is_real=True
        )
    if choice.order and request.method == "GET":
        _say_why_not(request, choice, is_known=order is not None)
    for channel in (choice.channel, EMAIL):
        try:
            sample = preview(name=choice.kind, channel=channel, language=choice.language, market=choice.market)
        except NoSuchMessage:
            continue
        return Shown(rendered=sample, channel=channel, language=choice.language, market=choice.market)
    raise Http404


def _say_why_not(request: HttpRequest, choice: Choice, *, is_known: bool) -> None:
    if not is_known:
        why = _("There is no order %(number)s. You see sample words.") % {"number": choice.order}
    elif choice.kind not in REHEARSALS:
        why = _("This message is shown with sample words only.")
    else:
        why = _("Order %(number)s has nothing to say of this. You see sample words.") % {"number": choice.order}
    messages.info(request, why)


def _words(*, language: str, market: str, kind: str, refused: dict[str, WordsForm]) -> list[tuple[str, Any, WordsForm]]:
    """The two places with their forms: below this message, and at the end of every mail."""
    places = (
        ("sentence", kind, gettext_lazy("A sentence below this message")),
        ("signature", "", gettext_lazy("Signature below every mail")),
    )
    found = []
    for name, of_kind, title in places:
        text = words_at(market=market, language=language, kind=of_kind)
        form = refused.get(name) or WordsForm(initial={"text": text, "seen": text}, prefix=name)
        found.append((name, title, form))
    return found


def _save(request: HttpRequest, choice: Choice, *, kind: str) -> HttpResponse:
    if not request.user.has_perm(WORDS_PERMISSION):
        raise PermissionDenied
    if request.POST.get("market", "") != choice.market or request.POST.get("language") != choice.language:
        raise Http404  # a market that is closed meanwhile: its words must not become those of every market
    place = "sentence" if kind else "signature"
    form = WordsForm(request.POST, prefix=place)
    if form.is_valid():
        try:
            save_words(
                market=choice.market,
                language=choice.language,
                kind=kind,
                text=form.cleaned_data["text"],
                seen=form.cleaned_data["seen"],
            )
        except WordsRefused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Saved. Messages written from now on have these words."))
            return _back(choice)
    return _page(request, choice, refused={place: form}, status=422)


def _back(choice: Choice) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('admin:console_mails')}?{urlencode(choice.fields())}")


def _must(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
