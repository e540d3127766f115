"""The buying journey: address, delivery, payment, completion, retry.

Promise first, charge second: the order exists before any money moves.
"""

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "checkout"
