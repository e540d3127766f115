"""Listings: what is chosen, what matches it, what each further choice would leave."""
