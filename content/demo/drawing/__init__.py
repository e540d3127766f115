"""Draws the pictures of the Meridian demo shop.

Every picture is an SVG text built by the functions of this package, and the same
product, colour and kind always give the same text. `make.py` turns the texts into the
WebP files that the shop serves; nothing here runs while the shop runs.
"""
