"""Addresses of one's own data, below the market's prefix."""

from django.urls import path

from members import address_pages, views
from members.cards import cards
from members.credit import credit
from members.messages import wishes

app_name = "members"
urlpatterns = [
    path("account/credit/", credit, name="credit"),
    path("account/cards/", cards, name="cards"),
    path("account/addresses/", address_pages.overview, name="addresses"),
    path("account/addresses/new/", address_pages.write, name="address_new"),
    path("account/addresses/<int:address_id>/", address_pages.write, name="address"),
    path("account/messages/", wishes, name="messages"),
    path("account/data/", views.privacy, name="privacy"),
    path("account/data/copy/", views.download, name="download"),
    path("account/data/code/", views.mail_code, name="mail_code"),
    path("account/data/delete/", views.delete, name="delete"),
    path("account/data/deleted/", views.deleted, name="deleted"),
]
