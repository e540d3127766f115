"""Stripe: its hosted page by default, its payment form inside our page as a setting."""
