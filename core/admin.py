"""The admin's shared behaviour: read-only aggregates, and operations that are small forms calling one action."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from inspect import isabstract
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import CheckboxInput, Form, HiddenInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View

from core.errors import DomainError
from core.models import (
    AuditEntry,
    ChannelState,
    IntegrityRun,
    Job,
    JobError,
    Message,
    MessageWish,
    MessageWords,
    OutboxMessage,
    PushSubscription,
)
from core.notifications.retrying import open_channel, retry_messages
from core.outbox import retry_now
from core.paging import EstimatingPaginator

HTTPS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {models.URLField: {"assume_scheme": "https"}}
"""`formfield_overrides` of admins with addresses: one that is typed without a scheme is taken for a secure one."""


def with_https(field: "models.Field[Any, Any]", **options: Any) -> Any:
    """The same as `Meta.formfield_callback` of model forms that are written out."""
    return field.formfield(**(HTTPS[models.URLField] if isinstance(field, models.URLField) else {}), **options)


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that are looked at here and changed by actions only."""

    list_per_page = 50
    show_full_result_count = False
    paginator = EstimatingPaginator

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is made here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nothing is changed here; looking is allowed by the view permission."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nothing is deleted here."""
        return False


class ReadOnlyInline(admin.TabularInline[Any, Any]):
    """The same for rows shown inside another."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nothing is made here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nothing is changed here."""
        return False


@dataclass(frozen=True)
class Operation:
    """One thing an operator can do to one thing: who may, what is asked, what is called."""

    name: str
    permission: str
    title: str | Promise
    done: str | Promise
    form: type[Form]
    act: Callable[[models.Model, dict[str, Any]], Any]
    warning: str | Promise = ""
    initial: Callable[[models.Model], dict[str, Any]] = field(default=lambda _target: {})
    is_costly: bool = False


def dress(form: Form) -> Form:
    """The form with the look of the operators' inputs; boxes to tick and hidden fields stay as they are."""
    for asked in form.fields.values():
        if not isinstance(asked.widget, (CheckboxInput, HiddenInput)):
            asked.widget.attrs.setdefault("class", "input")
    return form


class OperationView(View, ABC):
    """Shows an operation's form with what it will do, then does it and returns to where it was asked for.

    Refusals of the action are shown above the form; nothing typed is lost.
    """

    operation: Operation
    template_name = "admin/core/operation.html"

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view. Raises `TypeError` when the addresses are read, not when somebody comes, if a method is missing."""
        if isabstract(cls):
            raise TypeError(f"{cls.__name__} does not say: {', '.join(sorted(cls.__abstractmethods__))}")
        return super().as_view(**initkwargs)

    @abstractmethod
    def target(self) -> models.Model:
        """The thing to operate on. Raises `Http404`."""

    @abstractmethod
    def back(self, target: models.Model) -> str:
        """Where to go afterwards."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Staff with the operation's own permission only."""
        if not (request.user.is_staff and request.user.has_perm(self.operation.permission)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form."""
        target = self.target()
        return self.page(target, self.operation.form(initial=self.operation.initial(target)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The deed."""
        target = self.target()
        form = self.operation.form(request.POST, request.FILES or None)
        if form.is_valid():
            try:
                self.operation.act(target, form.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, str(self.operation.done))
                return HttpResponseRedirect(self.back(target))
        return self.page(target, form, status=422)

    def page(self, target: models.Model, form: Form, *, status: int = 200) -> HttpResponse:
        """The page around the form; 422 when it was refused."""
        context = {
            **admin.site.each_context(self.request),
            "title": self.operation.title,
            "operation": self.operation,
            "target": target,
            "form": dress(form),
            "back_url": self.back(target),
        }
        return TemplateResponse(self.request, self.template_name, context, status=status)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The activity log."""

    list_display = ["at", "action", "target", "actor_label", "reason"]
    search_fields = ["target", "action", "actor_label"]
    list_filter = ["action"]
    date_hierarchy = "at"


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Every message to a shopper."""

    list_display = ["created", "kind", "channel", "recipient", "language", "subject", "state", "attempts"]
    list_filter = ["state", "channel", "kind", "language"]
    search_fields = ["recipient", "reference", "subject"]
    actions = ["retry"]

    @admin.action(description=_("Send the selected failed messages again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: models.QuerySet[Message]) -> None:
        """Bring them back to the front of the queue. What was sent stays sent."""
        count = retry_messages(queryset.values_list("pk", flat=True))
        found = ngettext("%(count)d message will be sent again.", "%(count)d messages will be sent again.", count)
        messages.success(request, found % {"count": count})

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Who may send messages again."""
        return request.user.has_perm("core.retry_message")


@admin.register(ChannelState)
class ChannelStateAdmin(ReadOnlyAdmin):
    """Channels that had trouble: how often, what was said, when they are asked again."""

    list_display = ["channel", "failures", "open_until", "last_error", "changed"]
    actions = ["ask_again"]

    @admin.action(description=_("Ask the selected channels again now"), permissions=["ask_again"])
    def ask_again(self, request: HttpRequest, queryset: models.QuerySet[ChannelState]) -> None:
        """The provider is back: nobody waits for the end of the rest."""
        for channel in queryset.values_list("pk", flat=True):
            open_channel(channel)
        messages.success(request, _("Waiting messages are sent now."))

    def has_ask_again_permission(self, request: HttpRequest) -> bool:
        """Who may send messages again."""
        return request.user.has_perm("core.retry_message")


@admin.register(MessageWish)
class MessageWishAdmin(ReadOnlyAdmin):
    """What people want to be told. Who they are is not in it."""

    list_display = ["changed", "topic", "channel", "is_wanted", "language"]
    list_filter = ["topic", "channel", "is_wanted"]


@admin.register(MessageWords)
class MessageWordsAdmin(ReadOnlyAdmin):
    """Words of operators in mails; written on the screen that shows the messages."""

    list_display = ["market", "language", "kind", "text", "changed"]
    list_filter = ["market", "language"]


@admin.register(PushSubscription)
class PushSubscriptionAdmin(ReadOnlyAdmin):
    """Browsers that agreed to be told."""

    list_display = ["created", "__str__", "reference", "language", "ended_at"]
    list_filter = ["language"]
    search_fields = ["reference"]


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """Consequences that wait or were given up."""

    list_display = ["created", "event", "handler", "state", "attempts", "next_attempt_at"]
    list_filter = ["state", "event"]
    actions = ["retry"]

    @admin.action(description=_("Try the selected messages again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: models.QuerySet[OutboxMessage]) -> None:
        """Bring them back to the front of the queue."""
        count = retry_now(queryset.values_list("pk", flat=True))
        messages.success(request, _("%(count)d messages will be tried again.") % {"count": count})

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Who may change messages may retry them."""
        return request.user.has_perm("core.change_outboxmessage")


MOST_INLINE = 200


class JobErrorInline(ReadOnlyInline):
    """What a job found wrong."""

    model = JobError
    fields = ["line", "column", "value", "message", "level"]
    readonly_fields = ["line", "column", "value", "message", "level"]


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Imports, exports and other long work."""

    list_display = ["created", "title", "kind", "state", "progress", "total", "is_dry_run", "started_by"]
    list_filter = ["state", "kind"]
    list_select_related = ["started_by"]

    def get_inlines(self, request: HttpRequest, obj: Job | None = None) -> list[type[JobErrorInline]]:  # type: ignore[override]  # the stub asks for options of any kind
        """What it found wrong, while that is little enough for one page; screens of their own page through the rest."""
        return [JobErrorInline] if obj is not None and obj.errors.count() <= MOST_INLINE else []


@admin.register(IntegrityRun)
class IntegrityRunAdmin(ReadOnlyAdmin):
    """Results of check_integrity."""

    list_display = ["started", "finished", "is_clean"]
