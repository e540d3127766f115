"""What happened and what it means: events, sessions, funnels, attribution, reports, alerts.

Also recommendations and forecasts. Listens to everybody; nobody imports it.
"""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "analytics"
