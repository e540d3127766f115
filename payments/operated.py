"""Read-only pages of the admin with operations beside them."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path

from core.admin import ReadOnlyAdmin
from payments.operations import PaymentOperationView


class OperatedAdmin(ReadOnlyAdmin):
    """A read-only page with operations beside it. `operated` maps an address to the view of an operation."""

    operated: dict[str, type[PaymentOperationView]] = {}

    def get_urls(self) -> list[URLPattern]:
        """The operations' addresses, before the object's own."""
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view.as_view()),
                name=f"payments_{self.opts.model_name}_{name}",
            )
            for name, view in self.operated.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The page, with the operations this person may do."""
        shown = [
            {"name": f"admin:payments_{self.opts.model_name}_{name}", "title": view.operation.title}
            for name, view in self.operated.items()
            if request.user.has_perm(view.operation.permission)
        ]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "operations": shown})
