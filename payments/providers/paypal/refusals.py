"""PayPal's no."""

from payments.errors import ProviderRefused


class PayPalRefused(ProviderRefused):
    """A refusal with the status of its answer: 422 is about this payment, 401 and 403 about our account."""

    def __init__(self, reason: str, status: int) -> None:
        self.status = status
        super().__init__(reason)

    @property
    def is_unknown(self) -> bool:
        """PayPal does not know the thing, or has forgotten it."""
        return self.status == 404

    @property
    def is_about_payment(self) -> bool:
        return self.status == 422
