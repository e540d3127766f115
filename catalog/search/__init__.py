"""Search: an exchangeable engine, and the words it compares."""
