"""Answering a dispute with what the order holds: gathered, chosen by a person, handed in as one file."""
