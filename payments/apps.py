"""Money from and to the outside: providers, payments, webhook inbox, ledger, reconciliation.

Every report of a payment ends in `payments.actions.settle_payment`. Knows orders only by reference strings.
"""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
