"""Reviews wait here for a look."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.actions.reviews import approve_review, reject_review
from catalog.models import Review
from core.admin import ReadOnlyAdmin
from core.errors import DomainError


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """What shoppers wrote, with its state."""

    list_display = ("written_on", "product", "rating", "title", "language", "market", "verified", "state")
    list_filter = ("state", "rating", "language", "market")
    list_select_related = ("product", "market")
    search_fields = ("product__name", "title", "body", "order_ref")
    actions = ("approve", "reject")

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Those who may moderate."""
        return request.user.has_perm("catalog.moderate_review")

    @admin.action(description=_("Show the selected reviews"), permissions=["moderate"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """One action per review; those that cannot move say so."""
        for pk in queryset.values_list("pk", flat=True):
            try:
                approve_review(review_id=pk)
            except DomainError as refusal:
                messages.error(request, str(refusal))

    @admin.action(description=_("Hide the selected reviews"), permissions=["moderate"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """One action per review; those that cannot move say so."""
        for pk in queryset.values_list("pk", flat=True):
            try:
                reject_review(review_id=pk, reason="admin")
            except DomainError as refusal:
                messages.error(request, str(refusal))
