"""Reasons to buy now: promotions, coupons, bundles, flash sales, group buying, referrals.

Also the points mall, campaigns and messages.
"""

from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "marketing"
