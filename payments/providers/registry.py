"""Which providers there are: names and dotted paths come from the settings."""

from django.conf import settings
from django.utils.module_loading import import_string

from payments.errors import UnknownProvider
from payments.providers.protocol import PaymentProvider


def provider_named(name: str) -> PaymentProvider:
    """The provider, configured as the settings say now. Raises `UnknownProvider`."""
    try:
        path = settings.PAYMENT_PROVIDERS[name]
    except KeyError:
        raise UnknownProvider(name) from None
    provider: PaymentProvider = import_string(path)()
    return provider


def enabled_providers() -> dict[str, PaymentProvider]:
    """Every provider that can take payments now, in the order of the settings."""
    found = {name: provider_named(name) for name in settings.PAYMENT_PROVIDERS}
    return {name: provider for name, provider in found.items() if provider.offer.enabled}
