"""Addresses of the checkout, below the market's prefix."""

from django.urls import path

from checkout import difference, views
from checkout import views_payment as payment

app_name = "checkout"
urlpatterns = [
    path("checkout/", views.page, name="page"),
    path("checkout/country/", views.refresh, name="country"),
    path("checkout/delivery/", views.refresh, name="delivery"),
    path("checkout/return/<uuid:checkout>/", payment.come_back, name="return"),
    path("checkout/retry/<str:number>/<str:token>/", payment.retry, name="retry"),
    path("checkout/difference/<uuid:change>/", difference.difference_paid, name="difference_paid"),
    path("checkout/difference/<str:number>/<str:token>/", difference.difference, name="difference"),
]
