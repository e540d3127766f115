"""Operators' screens of the catalogue: variants of a product, many products at once, prices as a sheet, copies."""
