"""Every message the shop writes, in every language and by every channel, to look at before anybody gets it."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
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
from orders.workspace.views import screen

PERMISSION = "core.preview_message"
SAMPLES_PER_HOUR = 30
CHANNELS = (
    (EMAIL, gettext_lazy("Email")),
    (SMS, gettext_lazy("Text message")),
    (PUSH, gettext_lazy("Web push")),
)
FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; sandbox"


class PreviewForm(forms.Form):
    """Which message, by which channel, in which language."""

    kind = forms.ChoiceField(label=gettext_lazy("Message"))
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=CHANNELS, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES, required=False)

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # whatever a request brings
        self.fields["kind"].choices = [(one.name, one.title) for one in previewable()]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class MailsView(View):
    """The choice of a message, and how it looks; a test goes to whoever asks for it and nobody else."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:  # type: ignore[override]
        """People who may look at messages only."""
        _must(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The message its address asks for; without one the first."""
        kind, channel, language = _asked(request.GET)
        try:
            shown = preview(name=kind, channel=channel, language=language)
        except NoSuchMessage:
            channel, shown = EMAIL, preview(name=kind, channel=EMAIL, language=language)
        declared = next(one for one in previewable() if one.name == kind)
        response = screen(
            request,
            "admin/console/mails.html",
            title=_("Messages to customers"),
            form=PreviewForm({"kind": kind, "channel": channel, "language": language}),
            kind=declared,
            topic=TOPICS[declared.topic],
            channel=channel,
            language=language,
            direction=direction(language),
            shown=shown,
            channels=[label for code, label in CHANNELS if code in declared.channels],
            segments=sms_segments(shown.text) if channel == SMS else 0,
            recipient=request.user.email,  # type: ignore[union-attr]  # staff only
        )
        response._csp_replace = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]  # read by django-csp
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send the mail to oneself."""
        kind, _channel, language = _asked(request.POST)
        person = request.user
        if not attempt("sample-message", str(person.pk), limit=SAMPLES_PER_HOUR, seconds=3600):
            messages.error(request, _("That was tried too often. Wait an hour."))
        else:
            send_sample(name=kind, language=language, to=person.email)  # type: ignore[union-attr]  # staff only
            messages.success(request, _("A test is on its way to %(email)s.") % {"email": person.email})  # type: ignore[union-attr]
        return HttpResponseRedirect(f"{reverse('admin:console_mails')}?kind={kind}&language={language}")


@require_safe
@xframe_options_sameorigin
def mail_frame(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """The HTML part as its reader sees it, inert: nothing runs, nothing is fetched."""
    _must(request)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    try:
        shown = preview(name=kind, channel=EMAIL, language=language)
    except NoSuchMessage as error:
        raise Http404 from error
    response = HttpResponse(shown.html)
    response["Content-Security-Policy"] = FRAME_POLICY
    return response


def _asked(given: object) -> tuple[str, str, str]:
    """What is asked for, as far as it exists; else the first message, mail, and the reader's language."""
    form = PreviewForm(given)
    form.is_valid()
    found = form.cleaned_data
    kind = found.get("kind") or previewable()[0].name
    return kind, found.get("channel") or EMAIL, found.get("language") or get_language() or settings.LANGUAGE_CODE


def _must(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
