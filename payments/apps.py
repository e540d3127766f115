"""Money from and to the outside: providers, payments, webhook inbox, ledger, reconciliation.

Every report of a payment ends in `payments.actions.settle_payment`. Knows orders only by reference strings.
"""

from django.apps import AppConfig
from django.core import checks as django_checks


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        # Imported here because checks look at models, which exist only from this moment on.
        from payments.checks import (  # noqa: PLC0415 (see above)
            check_paypal,
            check_providers,
            check_sandbox,
            check_stripe,
        )

        for check in (check_providers, check_sandbox, check_stripe, check_paypal):
            django_checks.register(check, django_checks.Tags.security)
