"""What follows when somebody wrote a supplier's facts."""

from django.db import transaction

from core import audit
from inventory.models import Supplier


@transaction.atomic
def note_supplier(*, supplier_id: int) -> None:
    """Keep who changed a supplier or their articles."""
    audit.record("buying.change_supplier", Supplier.objects.get(pk=supplier_id))
