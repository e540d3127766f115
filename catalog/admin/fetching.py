"""Pictures that files name by address: what waits, what was given up and why, and trying it again."""

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.actions.fetching import retry_pictures
from catalog.models import PictureWish
from core.admin import ReadOnlyAdmin


@admin.register(PictureWish)
class PictureWishAdmin(ReadOnlyAdmin):
    """The list; those given up first is one click."""

    list_display = ("url", "product", "state", "attempts", "next_attempt_at", "last_error")
    list_filter = ("state",)
    list_select_related = ("product",)
    list_per_page = 50
    search_fields = ("url", "product__code")
    show_full_result_count = False
    actions = ("retry",)

    @admin.action(description=_("Try again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: models.QuerySet[PictureWish]) -> None:
        """Bring what was given up back to the front."""
        count = retry_pictures(wish_ids=list(queryset.values_list("pk", flat=True)))
        sentence = ngettext("%(count)d picture is tried again.", "%(count)d pictures are tried again.", count)
        messages.success(request, sentence % {"count": count})

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Whoever may import."""
        return request.user.has_perm("catalog.import_products")
