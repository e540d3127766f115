"""How ready a market is to open: areas measured by the apps that know them, each against its bar.

Every app registers its areas in its `readiness.py`, as it does its integrity checks. `readiness_of` measures them all.
"""

from markets.readiness import own  # noqa: F401 (loading it registers the areas of markets)
from markets.readiness.measuring import Readiness, readiness_of
from markets.readiness.registry import register
from markets.readiness.types import Area, AreaState, Lack, Measure

__all__ = ["Area", "AreaState", "Lack", "Measure", "Readiness", "readiness_of", "register"]
