"""Worked cases run through the shop's own code: what a case asks is put as the question the shop would ask.

Nothing here looks at a case's identity or at what it expects; an answer is compared afterwards, key by key.
"""
