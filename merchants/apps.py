"""Sellers on the platform: onboarding, back office, commission, settlement.

Built last; the seams for it exist in the other apps from the start.
"""

from django.apps import AppConfig


class MerchantsConfig(AppConfig):
    name = "merchants"
