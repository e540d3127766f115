"""What is there and how it travels: stock, holds, warehouses, sourcing, carriers, customs facts.

Knows orders only by reference strings. Stands beside payments; neither imports the other.
"""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    name = "inventory"
    verbose_name = _("Stock")

    def ready(self) -> None:
        from inventory.checks import check_carriers, check_sandbox_carrier  # noqa: PLC0415 (needs the settings)
        from inventory.translations import register_inventory  # noqa: PLC0415 (needs the models)

        register_inventory()
        for check in (check_carriers, check_sandbox_carrier):
            register(check)
