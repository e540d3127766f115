"""Addresses of inventory, below the market's prefix."""

from django.urls import path

from inventory import views

app_name = "inventory"
urlpatterns = [path("back-in-stock/", views.ask, name="ask")]
