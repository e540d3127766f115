"""Where we sell and under which rules: markets, countries, languages, currencies, exchange rates.

Holds the sellers of record, the dated tables of tax, duty, restrictions and compliance, and the middleware that turns
`/{market}/{language}/` into `request.market`.
"""

from django.apps import AppConfig


class MarketsConfig(AppConfig):
    name = "markets"
