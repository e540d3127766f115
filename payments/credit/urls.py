"""Addresses of gift cards and store credit, below the market's prefix."""

from django.urls import path

from payments.credit import views

app_name = "credit"
urlpatterns = [
    path("gift-card/", views.card, name="card"),
    path("credit/<str:token>/", views.own, name="own"),
]
