"""Portolan's own table: everything the catalogue knows of a product, one row per variant. See docs/import-format.md."""
