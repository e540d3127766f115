"""What operators do with suppliers' feeds: hand a file in, make a secret, close what a message brought up."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from catalog.workspace.screens import must, screen
from core import audit
from core.admin import dress
from core.errors import DomainError
from inventory.buying.actions.feeds import MOST_BYTES, renew_secret, settle_feed_run, take_file
from inventory.models import FeedRun, SupplierFeed

VIEW = "inventory.view_supplierfeed"


class UploadForm(forms.Form):
    """A file, and the moment it is true for."""

    file = forms.FileField(label=gettext_lazy("CSV file"))
    told_at = forms.DateTimeField(
        label=gettext_lazy("As of"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("When the numbers were true. Empty: now, unless the file has a column that says so."),
    )

    def clean_file(self) -> UploadedFile[Any]:
        """No larger than what is fetched."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large."))
        return file


class UploadView(View):
    """Hand a file in."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form."""
        must(request, "inventory.upload_supplierfeed")
        return self.page(request, get_object_or_404(SupplierFeed, pk=pk), UploadForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it over, and show what became of it."""
        must(request, "inventory.upload_supplierfeed")
        feed = get_object_or_404(SupplierFeed, pk=pk)
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                run = self.take(feed, form.cleaned_data)
            except DomainError as refusal:
                form.add_error("file", str(refusal))
            else:
                messages.success(request, run_words(run))
                return HttpResponseRedirect(_runs_of(feed))
        return self.page(request, feed, form, status=422)

    @staticmethod
    def take(feed: SupplierFeed, told: dict[str, Any]) -> FeedRun:
        """The file, as of the moment that was typed, never of one to come."""
        moment = min(told["told_at"] or timezone.now(), timezone.now())
        audit.record("buying.upload_feed", feed, data={"file": str(told["file"].name)[:100]})
        return take_file(feed_id=feed.pk, content=told["file"].read(), received_at=moment)

    @staticmethod
    def page(request: HttpRequest, feed: SupplierFeed, form: forms.Form, *, status: int = 200) -> HttpResponse:
        """The form; 422 when it was refused."""
        return screen(
            request,
            "admin/inventory/buying/feed_upload.html",
            status=status,
            title=_("Hand a stock file in"),
            feed=feed,
            back_url=reverse("admin:inventory_supplierfeed_change", args=[feed.pk]),
            form=dress(form),
        )


class SecretView(View):
    """A new secret for signed messages; it is shown once, on the answer itself."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What will happen."""
        must(request, "inventory.renew_feed_secret")
        return self.page(request, get_object_or_404(SupplierFeed, pk=pk), "")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make it."""
        must(request, "inventory.renew_feed_secret")
        feed = get_object_or_404(SupplierFeed, pk=pk)
        return self.page(request, feed, renew_secret(feed_id=feed.pk))

    @staticmethod
    def page(request: HttpRequest, feed: SupplierFeed, secret: str) -> HttpResponse:
        """The page; with the secret it is kept by nobody."""
        answer = screen(
            request,
            "admin/inventory/buying/feed_secret.html",
            title=_("Secret of a supplier's feed"),
            feed=feed,
            secret=secret,
            address=request.build_absolute_uri(reverse("supplier_push", args=[feed.public_id])),
            back_url=reverse("admin:inventory_supplierfeed_change", args=[feed.pk]),
        )
        answer["Cache-Control"] = "private, no-store"
        return answer


class SettleRunView(View):
    """What a message brought up is dealt with."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Close it."""
        must(request, "inventory.settle_feedrun")
        run = get_object_or_404(FeedRun, pk=pk)
        settle_feed_run(run_id=run.pk, note=request.POST.get("note", "")[:300])
        messages.success(request, _("It is closed."))
        return HttpResponseRedirect(reverse("admin:inventory_feedrun_change", args=[run.pk]))


def run_words(run: FeedRun) -> str:
    """What became of a message, as a sentence."""
    if run.state == FeedRun.State.STALE:
        return _("The file is older than what the supplier told last. Nothing was changed.")
    told = {"rows": run.rows, "changed": run.changed, "unknown": run.unknown}
    return _("Rows read: %(rows)d. Changed: %(changed)d. Unknown articles: %(unknown)d.") % told


def _runs_of(feed: SupplierFeed) -> str:
    return f"{reverse('admin:inventory_feedrun_changelist')}?feed__id__exact={feed.pk}"
