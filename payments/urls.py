"""Addresses of payments. None of them belongs to a market: they are known to providers."""

from django.urls import path

from payments import views

app_name = "payments"
urlpatterns = [
    path("webhooks/<slug:provider>/", views.webhook, name="webhook"),
    path("sandbox/pay/<str:token>/", views.sandbox_pay, name="sandbox_pay"),
    path("pay/transfer/<str:token>/", views.bank_transfer, name="bank_transfer"),
    path("pay/card/<str:token>/", views.stripe_element, name="stripe_element"),
]
