"""Saleor's catalogue as Django fixtures, such as its sample data."""
