"""Who buys and who works here: accounts, addresses, roles, favourites, levels, points, segments.

Also consent and privacy requests. Owns the user model; everybody else refers to `settings.AUTH_USER_MODEL`.
"""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
