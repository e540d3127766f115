"""Exchanges into another variant: what they cost, when they are sent, and what is said about them."""
