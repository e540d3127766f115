"""Financial statements per period: read from issued documents and from the ledger, never calculated anew.

Nothing here writes. `sales` and `returns` read documents, `movements` reads the ledger, `tables` puts both in words
for the screen and for files.
"""
