"""Accounts with carriers: their secrets are written, never read back."""

import json
from collections.abc import Mapping

from django.db import transaction

from core import audit
from inventory.models import CarrierAccount


def set_secrets(*, account_id: int, secrets: Mapping[str, str]) -> CarrierAccount:
    """Replace the named secrets; an empty one is forgotten, those not named stay. Values never reach the log."""
    with transaction.atomic():
        account = CarrierAccount.objects.select_for_update(of=("self",)).get(pk=account_id)
        held = {**account.secret_values, **{name: value.strip() for name, value in secrets.items()}}
        account.secrets = json.dumps({name: value for name, value in sorted(held.items()) if value})
        account.save(update_fields=["secrets", "updated"])
        audit.record("inventory.set_secrets", account, data={"names": sorted(secrets)})
    return account
