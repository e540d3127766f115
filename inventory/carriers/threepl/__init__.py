"""Warehouses of others that pack and send for the shop."""
