"""Gift cards and store credit: codes, plans, balances. A way of paying, never a discount: tax and duty stay."""
