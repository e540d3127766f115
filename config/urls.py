"""Every address of the shop. What belongs to a market sits below `/{market}/{language}/`."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from catalog.feed_views import product_feed
from config import media
from content.urls import site_patterns
from core.notifications import mailbox, sms_reports
from inventory.buying import paper_views, push
from inventory.views_carriers import message as carrier_message
from markets import views as market_views
from markets.urls import market_patterns

handler400 = "content.errors.bad_request"
handler403 = "content.errors.forbidden"
handler404 = "markets.views.page_not_found"
handler429 = "content.errors.too_many_requests"
handler500 = "content.errors.server_error"

storefront = market_patterns(
    path("", include("markets.urls")),
    path("", include("catalog.urls")),
    path("", include("inventory.urls")),
    path("", include("cart.urls")),
    path("", include("checkout.urls")),
    path("", include("orders.urls")),
    path("", include("content.urls")),
    path("", include("members.urls")),
    path("", include("payments.credit.urls")),
    path("account/", include("allauth.urls")),
)
urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", market_views.welcome, name="welcome"),
    path("", include("payments.urls")),
    path("", include(site_patterns)),
    path("feeds/suppliers/<uuid:public_id>/", push.receive, name="supplier_push"),
    path("purchase-orders/<str:token>/", paper_views.paper, name="purchase_paper"),
    path("feeds/<str:token>.xml", product_feed, name="product_feed"),
    path("carriers/<slug:account>/", carrier_message, name="carrier_message"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("messages/sms/", sms_reports.report, name="sms_report"),
    path("dev/mail/", mailbox.inbox, name="mailbox"),
    path("dev/mail/<int:pk>/", mailbox.message, name="mailbox_message"),
    *storefront,
]
if settings.SERVE_MEDIA:
    urlpatterns.append(path("media/<path:name>", media.serve, name="media"))
