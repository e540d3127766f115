"""Buyers' tax and identity numbers: which is asked where, whether one can be right, and what its register says."""

from markets.tax_ids.actions import check_tax_id, confirm_tax_id, note_tax_id, retry_unavailable
from markets.tax_ids.kinds import Kind, business_kind, identity_kinds
from markets.tax_ids.reading import TaxIdRefused, read_tax_id

__all__ = [
    "Kind",
    "TaxIdRefused",
    "business_kind",
    "check_tax_id",
    "confirm_tax_id",
    "identity_kinds",
    "note_tax_id",
    "read_tax_id",
    "retry_unavailable",
]
