"""`manage.py import_tax_rates FILE…`: tax rates by postal code from CSV or JSON."""

from markets.importing.command import ImportCommand


class Command(ImportCommand):
    help = "Brings the tax rates of postal codes to what files say. Importing a file again changes nothing."
    table = "postal_rates"
