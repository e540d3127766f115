"""Catalogues of other systems, read row by row and brought in through the same actions an operator uses."""
