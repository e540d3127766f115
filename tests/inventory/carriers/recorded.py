"""Recorded answers of carriers, where they are at hand: they are nobody's to pass on, so they are not kept here."""

import json
import os
from pathlib import Path
from typing import Any

DATA = Path(os.environ.get("CARRIER_RECORDINGS") or Path(__file__).parents[4] / "shared" / "data")
TRACKING, EASYPOST, RATES = DATA / "carriers-tracking", DATA / "carriers-easypost", DATA / "carriers-rates"
READERS = {
    "australiapost_tracking_response.json": "auspost",
    "dhl_universal_tracking.json": "dhl",
    "fedex_tracking_response.json": "fedex",
    "gls_tracking_response.json": "gls",
    "hermes_tracking_response.json": "hermes",
    "kdniao_track_response.json": "kdniao",
    "laposte_tracking_response.json": "laposte",
    "mydhl_tracking_response.json": "mydhl",
    "sendle_tracking_response.json": "sendle",
    "ups_tracking_response.json": "ups",
    "usps_tracking_responses.json": "usps",
}


def answer(path: Path) -> Any:
    """What was recorded."""
    return json.loads(path.read_text("utf-8"))
