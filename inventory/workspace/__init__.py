"""Operators' screens of stock."""
