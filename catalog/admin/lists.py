"""What the lists of products and variants share: they stay quick however long they are."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.actions.bulk import MOST_ROWS, open_bulk_run
from catalog.actions.price_plans import open_price_plan
from catalog.models import Variant
from core.errors import DomainError


@admin.action(description=_("Change many at once…"), permissions=["bulk"])
def change_in_bulk(model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Fix the chosen rows (or all that fit the filter) and go to where the change is described."""
    ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_ROWS + 1])
    origin = request.GET.urlencode() if request.POST.get("select_across") == "1" else ""
    try:
        run = open_bulk_run(target=model_admin.model._meta.model_name, object_ids=ids, origin=origin)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return None
    return HttpResponseRedirect(reverse("admin:catalog_bulk_run", args=[run.pk]))


@admin.action(description=_("Plan new prices…"), permissions=["plan_prices"])
def plan_prices(model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Fix the chosen variants, or those of the chosen products, and go to where their prices are planned."""
    variants = Variant.objects.exclude(status=Variant.Status.ARCHIVED)
    chosen = "pk__in" if model_admin.model is Variant else "product__in"
    ids = list(
        variants.filter(**{chosen: queryset.order_by().values("pk")}).values_list("pk", flat=True)[: MOST_ROWS + 1]
    )
    origin = request.GET.urlencode() if request.POST.get("select_across") == "1" else ""
    try:
        plan = open_price_plan(variant_ids=ids, origin=origin)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return None
    return HttpResponseRedirect(reverse("admin:catalog_price_plan", args=[plan.pk]))


MOST_CHOICES = 100


class FewChoices(admin.RelatedFieldListFilter):
    """A filter by something there may be thousands of: listed while they are few, else only the chosen one."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """At most a hundred."""
        ordering = self.field_admin_ordering(field, request, model_admin) or ("pk",)
        rows = list(field.remote_field.model._default_manager.order_by(*ordering)[: MOST_CHOICES + 1])
        if len(rows) > MOST_CHOICES:
            chosen = set(map(str, self.lookup_val or ()))
            rows = list(field.remote_field.model._default_manager.filter(pk__in=[pk for pk in chosen if pk.isdigit()]))
        return [(row.pk, str(row)) for row in rows]


class BulkListMixin:
    """A change list whose rows can be changed in bulk."""

    def has_bulk_permission(self, request: HttpRequest) -> bool:
        """The permission of the screen it leads to."""
        may_change = self.has_change_permission(request)  # type: ignore[attr-defined]  # an admin has it
        return bool(may_change and request.user.has_perm("catalog.change_in_bulk"))

    def has_plan_prices_permission(self, request: HttpRequest) -> bool:
        """The permissions of the screen it leads to."""
        return request.user.has_perms(["catalog.view_priceplan", "catalog.change_price"])
