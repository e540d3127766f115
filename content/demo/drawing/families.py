"""Loads every family of shapes so that the registry is complete."""

from __future__ import annotations

from importlib import import_module

FAMILIES = (
    "kettles",
    "tea",
    "cookware",
    "blades",
    "tableware",
    "linen",
    "soft",
    "lights",
    "candles",
    "bags",
    "cases",
    "travel",
    "paper",
    "vases",
    "props",
)


def load() -> None:
    """Import all families; each registers its shapes."""
    for family in FAMILIES:
        import_module(f"content.demo.drawing.{family}")
