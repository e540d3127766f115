"""The order machine in pieces: the shop it runs in, and who can do what to an order."""
