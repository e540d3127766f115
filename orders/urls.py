"""Addresses of orders, below the market's prefix."""

from django.urls import path

from orders import views
from orders import views_account as account
from orders import views_address as address
from orders import views_documents as documents
from orders import views_downloads as downloads
from orders import views_links as links
from orders import views_messages as told
from orders import views_review as reviews
from orders import views_withdrawal as withdrawal
from orders.returning import ticket_views as tickets
from orders.returning import views as returns

app_name = "orders"
urlpatterns = [
    path("orders/find/", views.find, name="find"),
    path("orders/links/", links.ask, name="links"),
    path("withdraw/", withdrawal.declare, name="withdraw"),
    path("withdraw/<str:receipt>/", withdrawal.receipt, name="withdrawal_receipt"),
    path("returns/", returns.start, name="returns_start"),
    path("returns/mine/", returns.mine, name="returns_mine"),
    path("orders/<str:number>/open/", views.open_mine, name="open"),
    path("orders/<str:number>/open/<slug:place>/", returns.open_place, name="open_place"),
    path("orders/<str:number>/open/<slug:place>/<str:which>/", returns.open_place, name="open_one"),
    path("orders/<str:number>/<str:token>/", views.page, name="page"),
    path("orders/<str:number>/<str:token>/account/", account.join, name="account"),
    path("orders/<str:number>/<str:token>/address/", address.correct, name="address"),
    path("orders/<str:number>/<str:token>/messages/", told.choose, name="messages"),
    path("orders/<str:number>/<str:token>/messages/browser/", told.browser, name="browser"),
    path("orders/<str:number>/<str:token>/consent/", downloads.agree, name="consent"),
    path("orders/<str:number>/<str:token>/download/<str:link>/", downloads.fetch, name="download"),
    path("orders/<str:number>/<str:token>/documents/<str:document>/", documents.fetch, name="document"),
    path("orders/<str:number>/<str:token>/keys/<int:entitlement_id>/", downloads.keys, name="keys"),
    path("orders/<str:number>/<str:token>/cancel/<int:line_id>/", downloads.cancel_line, name="cancel_line"),
    path("orders/<str:number>/<str:token>/withdraw/", withdrawal.declare_for, name="withdraw_order"),
    path("orders/<str:number>/<str:token>/review/<int:line_id>/", reviews.write, name="review"),
    path("orders/<str:number>/<str:token>/returns/", returns.choose, name="return_new"),
    path("orders/<str:number>/<str:token>/returns/<str:return_number>/", returns.follow, name="return"),
    path("orders/<str:number>/<str:token>/files/<int:file_id>/", returns.attachment, name="attachment"),
    path("orders/<str:number>/<str:token>/questions/", tickets.ask, name="questions"),
    path("orders/<str:number>/<str:token>/questions/<str:ticket_number>/", tickets.talk, name="question"),
    path("orders/<str:number>/<str:token>/status/", views.status, name="status"),
]
