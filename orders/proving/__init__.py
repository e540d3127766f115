"""The proof that the money of an order is the same everywhere: order, payments, ledger, documents."""
