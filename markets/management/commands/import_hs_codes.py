"""`manage.py import_hs_codes FILE…`: the tree of goods codes from CSV."""

from markets.importing.command import ImportCommand


class Command(ImportCommand):
    help = "Brings the tree of goods codes to what files say. Codes are added and reworded, never taken away."
    table = "hs_codes"
