"""Addresses of the cart, below the market's prefix."""

from django.urls import path

from cart import views

app_name = "cart"
urlpatterns = [
    path("cart/", views.page, name="page"),
    path("cart/add/", views.add, name="add"),
    path("cart/update/", views.update, name="update"),
    path("cart/remove/", views.remove, name="remove"),
    path("cart/save/", views.save, name="save"),
    path("cart/restore/", views.restore, name="restore"),
    path("cart/destination/", views.destination, name="destination"),
    path("cart/switch/", views.switch, name="switch"),
    path("cart/drawer/", views.drawer, name="drawer"),
    path("cart/badge/", views.badge, name="badge"),
]
