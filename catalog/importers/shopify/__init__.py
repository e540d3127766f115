"""Shopify product tables, in the three header dialects that are about."""
