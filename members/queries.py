"""Reads of accounts."""

from allauth.account.models import EmailAddress


def proven_emails(user_id: int) -> tuple[str, ...]:
    """The addresses whose mail this person has shown to receive."""
    rows = EmailAddress.objects.filter(user_id=user_id, verified=True).order_by("-primary", "pk")
    return tuple(rows.values_list("email", flat=True))
