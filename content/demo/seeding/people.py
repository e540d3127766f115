"""Who can sign in to the demo shop."""

from allauth.account.models import EmailAddress

from members.models import User

OPERATOR = "operator@meridian.example"
SHOPPER = "shopper@meridian.example"
PASSWORD = "meridian-demo"  # noqa: S105 - printed at every start; the seed refuses to run in production


def seed_people() -> None:
    """An operator who may do everything and a shopper, both with the demo password."""
    _account(OPERATOR, is_staff=True, is_superuser=True)
    _account(SHOPPER)


def _account(email: str, **rights: bool) -> None:
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD, **rights)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
