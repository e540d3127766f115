"""What accounts hold about people."""

from collections.abc import Mapping, Sequence
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from core.privacy import Holding, Personal, Subject, erased_email, register, rows_of
from members.models import Address, Favourite, GroupMember, User


def export(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Account, addresses, proven emails and devices. No secrets: neither password nor second factor."""
    if subject.user_id is None:
        return {}
    mine = {"user_id": subject.user_id}
    account = ("email", "full_name", "language", "market_code", "time_zone", "date_joined", "last_login")
    return {
        "members.User": rows_of(User.objects.filter(pk=subject.user_id), *account),
        "members.Address": rows_of(Address.objects.filter(**mine), "country", "fields", "phone", "created"),
        "members.GroupMember": rows_of(GroupMember.objects.filter(**mine), "group__name", "last_day", "created"),
        "members.Favourite": rows_of(Favourite.objects.filter(**mine), "product__code", "added"),
        "account.EmailAddress": rows_of(EmailAddress.objects.filter(**mine), "email", "verified", "primary"),
        "mfa.Authenticator": rows_of(Authenticator.objects.filter(**mine), "type", "created_at", "last_used_at"),
        "usersessions.UserSession": rows_of(
            UserSession.objects.filter(**mine), "ip", "user_agent", "created_at", "last_seen_at"
        ),
    }


def erase(subject: Subject) -> Mapping[str, int]:
    """The account stays as a number that nobody can sign in to; orders and the ledger point at it."""
    user = User.objects.filter(pk=subject.user_id).first() if subject.user_id is not None else None
    if user is None:
        return {}
    counts = {
        model._meta.label: model._default_manager.filter(user_id=user.pk).delete()[0]
        for model in (Address, Favourite, GroupMember, EmailAddress, Authenticator, UserSession)
    }
    user.email, user.full_name = erased_email(user.pk), ""
    user.language = user.market_code = user.time_zone = ""
    user.is_active = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    return counts | {"members.User": 1}


register(
    Holding(
        app="members",
        personal=(
            Personal(
                model="members.User",
                fields=("email", "full_name"),
                purpose="Signing in, and whom to write to.",
                fate="pseudonymised",
                reason="Orders and the ledger point at the account's number.",
            ),
            Personal(
                model="members.Address",
                fields=("user", "fields", "phone"),
                purpose="Addresses kept for the next purchase.",
                fate="deleted",
            ),
            Personal(
                model="members.GroupMember",
                fields=("user",),
                purpose="Prices of a group of customers.",
                fate="deleted",
            ),
            Personal(
                model="members.Favourite",
                fields=("user",),
                purpose="Products kept for later.",
                fate="deleted",
            ),
        ),
        export=export,
        erase=erase,
    )
)
