"""Buying: suppliers and orders to them, demand and forecasts, proposals of what to buy or to move."""
