"""The operators' site: Django's admin with our home, our order screens, and its language switch."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _


class PortolanAdminSite(AdminSite):
    """One site for all operators. What a person sees there follows their permissions."""

    site_title = _("Meridian admin")
    site_header = settings.SHOP_NAME
    index_title = _("Everything in tables")
    enable_nav_sidebar = True

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """All tables by app, put together only for the pages that show them: asking for every permission takes long."""
        whole = super().get_app_list
        return SimpleLazyObject(lambda: whole(request, app_label))  # type: ignore[return-value]  # it acts as the list

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the languages an operator can switch to and the navigation, which counts only what is shown."""
        from config.console.keys import keys_on  # noqa: PLC0415 (as below)
        from config.console.navigation import Navigation  # noqa: PLC0415 (this class is named before the apps are ready)

        return {
            **super().each_context(request),
            "admin_languages": settings.LANGUAGES,
            "shop_name": settings.SHOP_NAME,
            "takes_test_payments": settings.SANDBOX_PAYMENTS,
            "navigation": Navigation(request),
            "keys_on": keys_on(request),
        }

    def has_permission(self, request: HttpRequest) -> bool:
        """Operators only, with their second factor where one is asked for."""
        from config.second_factor import opens_admin  # noqa: PLC0415 (as above)

        return super().has_permission(request) and opens_admin(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Django's form, or the account's sign-in where a second factor is asked for."""
        from config.second_factor import way_in  # noqa: PLC0415 (as above)

        return way_in(request) or super().login(request, extra_context)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Our screens first; tables, forms and sign-in are Django's."""
        from catalog.translating.desk.urls import translation_urls  # noqa: PLC0415 (as above)
        from catalog.workspace.urls import workspace_urls as catalog_urls  # noqa: PLC0415 (as above)
        from config.console.opening import opening_urls  # noqa: PLC0415 (as above)
        from config.console.urls import console_urls  # noqa: PLC0415 (as above)
        from inventory.buying.desk.urls import buying_urls  # noqa: PLC0415 (as above)
        from inventory.workspace.urls import workspace_urls as stock_urls  # noqa: PLC0415 (as above)
        from members.card_desk import CardDesk  # noqa: PLC0415 (as above)
        from orders.approving import recipients  # noqa: PLC0415 (as above)
        from orders.changes.urls import change_urls  # noqa: PLC0415 (as above)
        from orders.disputing.urls import dispute_urls  # noqa: PLC0415 (as above)
        from orders.floor.urls import floor_urls  # noqa: PLC0415 (as above)
        from orders.logistics.desk_urls import logistics_urls  # noqa: PLC0415 (as above)
        from orders.past.urls import past_urls  # noqa: PLC0415 (as above)
        from orders.returning.desk_urls import returning_urls  # noqa: PLC0415 (as above)
        from orders.statements.urls import statement_urls  # noqa: PLC0415 (as above)
        from orders.workspace.urls import workspace_urls  # noqa: PLC0415 (as above)
        from payments.workspace.urls import books_urls  # noqa: PLC0415 (as above)

        return [
            path("tables/", self.admin_view(self.tables), name="tables"),
            *console_urls(self.admin_view),
            *opening_urls(self.admin_view),
            path("members/<int:pk>/cards/", self.admin_view(CardDesk.as_view()), name="member_cards"),
            path("bank/recipient/<int:pk>/", self.admin_view(recipients.ask), name="payments_recipient_ask"),
            path(
                "bank/recipient/<int:pk>/decide/", self.admin_view(recipients.decide), name="payments_recipient_decide"
            ),
            *past_urls(self.admin_view),
            *workspace_urls(self.admin_view),
            *dispute_urls(self.admin_view),
            *change_urls(self.admin_view),
            *logistics_urls(self.admin_view),
            *returning_urls(self.admin_view),
            *floor_urls(self.admin_view),
            *statement_urls(self.admin_view),
            *books_urls(self.admin_view),
            *catalog_urls(self.admin_view),
            *stock_urls(self.admin_view),
            *buying_urls(self.admin_view),
            *translation_urls(self.admin_view),
            *super().get_urls(),
        ]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]  # any page will do
        """Today: the work first."""
        from config.console.views import home  # noqa: PLC0415 (as above)

        request.current_app = self.name
        return home(request)

    def tables(self, request: HttpRequest) -> HttpResponse:
        """Every table of every app, as Django shows them."""
        return super().index(request)
