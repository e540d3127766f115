"""Addresses of orders, below the market's prefix."""

from django.urls import path

from orders import views
from orders import views_account as account

app_name = "orders"
urlpatterns = [
    path("orders/find/", views.find, name="find"),
    path("orders/<str:number>/open/", views.open_mine, name="open"),
    path("orders/<str:number>/<str:token>/", views.page, name="page"),
    path("orders/<str:number>/<str:token>/account/", account.join, name="account"),
    path("orders/<str:number>/<str:token>/status/", views.status, name="status"),
]
