"""The reference tables: reading the files beside the code and bringing the database up to date with them."""

from markets.reference.loading import Loaded, load_reference

__all__ = ["Loaded", "load_reference"]
