"""Our books beside the providers': read, matched row by row, booked where only the provider could know.

What does not match is a `ReconciliationItem` for a person. See `docs/payments.md`.
"""
