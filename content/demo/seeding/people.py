"""Who can sign in to the demo shop."""

from allauth.account.models import EmailAddress
from django.conf import settings

from members.actions import sync_roles
from members.models import User


def seed_people() -> None:
    """The roles; and an operator who may do everything, with the password this checkout was given, if it was."""
    sync_roles()
    email, password = settings.DEMO_OPERATOR_EMAIL, settings.DEMO_OPERATOR_PASSWORD
    if not password:
        return
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_superuser(email, password)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
