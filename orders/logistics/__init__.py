"""Parcels on their way: what carriers' words come to, what is trouble, what customers are told of it."""
