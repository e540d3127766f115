"""Derived rows: effective prices, facet rows, search documents. Each can be rebuilt from the truth at any time."""
