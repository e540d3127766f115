"""Product feeds over HTTP: opened, written, given a new key, closed."""

from collections.abc import Callable
from typing import Any

from celery import current_app
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from catalog.actions.feeds import change_feed_key, close_feed, open_feed
from catalog.exporters.feeds import address_of_feed
from catalog.models import ProductFeed
from config.console.exports import LEFT_OUT
from markets.names import language_name
from markets.queries import active_markets
from orders.workspace.views import screen

PERMISSION = "catalog.manage_feeds"


class FeedForm(forms.Form):
    """A market and a language."""

    market = forms.ChoiceField(label=gettext_lazy("Market"))
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        markets = [(market.code, market.name) for market in active_markets(language=get_language())]
        self.fields["market"].choices = markets  # type: ignore[attr-defined]
        for name in ("market", "language"):
            self.fields[name].widget.attrs["class"] = "input"


class FeedsView(View):
    """Every feed with its address, and the form for another."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People who may manage feeds only."""
        _must(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The feeds."""
        return self._page(request, FeedForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open one and have it written."""
        form = FeedForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        said = form.cleaned_data
        feed = open_feed(market_code=said["market"], language=said["language"])
        _have_written(feed.pk)
        messages.success(request, _("The feed is open. It is being written and then every six hours."))
        return _back()

    @staticmethod
    def _page(request: HttpRequest, form: FeedForm, *, status: int = 200) -> HttpResponse:
        reader = get_language() or "en"
        names = {market.code: market.name for market in active_markets(language=reader)}
        feeds = [
            {
                "feed": feed,
                "market": names.get(feed.market.code, feed.market.name),
                "language": language_name(feed.language, reader),
                "address": address_of_feed(feed) if feed.active else "",
                "left_out": [(LEFT_OUT.get(reason, reason), count) for reason, count in feed.left_out.items()],
            }
            for feed in ProductFeed.objects.select_related("market").order_by("-active", "market__position", "language")
        ]
        return screen(
            request, "admin/console/export_feeds.html", status=status, title=_("Product feeds"), form=form, feeds=feeds
        )


@require_POST
def feed_operation(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Write it now, change its key, or close it."""
    _must(request)
    verbs: dict[str, tuple[Callable[[int], Any], str]] = {
        "write": (_have_written, _("The feed is being written.")),
        "key": (lambda feed_id: change_feed_key(feed_id=feed_id), _("The address has changed. The old one is closed.")),
        "close": (lambda feed_id: close_feed(feed_id=feed_id), _("The feed is closed.")),
    }
    if verb not in verbs or not ProductFeed.objects.filter(pk=pk).exists():
        raise Http404
    act, said = verbs[verb]
    act(pk)
    messages.success(request, said)
    return _back()


def _have_written(feed_id: int) -> None:
    current_app.send_task("catalog.tasks.write_product_feed", args=[feed_id], queue="bulk", retry=False)


def _must(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:console_feeds"))
