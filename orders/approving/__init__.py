"""Money back above a limit: one person asks, another agrees."""
