"""What an import does to the shop with a product it has understood, whatever format it came in."""

from catalog.importers.apply.bringing import apply_product
from catalog.importers.apply.components import open_components
from catalog.importers.apply.targets import Target, open_target
from catalog.importers.outcomes import Applied, Outcome

__all__ = ["Applied", "Outcome", "Target", "apply_product", "open_components", "open_target"]
