"""Answers of carriers that somebody else fetches for the shop."""
