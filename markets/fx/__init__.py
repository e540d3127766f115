"""Exchange rates: read, judged, kept for ever, looked up, and turned into proposals of prices. Never used to charge."""

from markets.fx.actions import Imported, approve_rate, import_rates, refuse_rate
from markets.fx.lookup import fx_policy, policy_of, rate_on
from markets.fx.proposals import price_at, propose_price
from markets.fx.types import FxPolicy, LockedRate, Quoted, RateFact

__all__ = [
    "FxPolicy",
    "Imported",
    "LockedRate",
    "Quoted",
    "RateFact",
    "approve_rate",
    "fx_policy",
    "import_rates",
    "policy_of",
    "price_at",
    "propose_price",
    "rate_on",
    "refuse_rate",
]
