"""Changes to accounts and roles."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from core import audit
from members.roles import ROLES, Role


class UnknownPermission(LookupError):
    """A role names a permission that no app declares: a mistake in the code."""


def sync_roles() -> tuple[str, ...]:
    """Give every role's group exactly its permissions; returns the names of those that changed.

    Groups that people have made are left alone, and so is who belongs to which. Raises `UnknownPermission`.
    """
    with transaction.atomic():
        changed = tuple(role.name for role in ROLES.values() if _sync(role))
        if changed:
            audit.record("members.sync_roles", "auth.Group", data={"changed": changed})
    return changed


def _sync(role: Role) -> bool:
    group, made = Group.objects.get_or_create(name=role.name)
    wanted = {permission.pk for permission in _permissions(role)}
    have = set(group.permissions.values_list("pk", flat=True))
    if wanted != have:
        group.permissions.set(wanted)
    return made or wanted != have


def _permissions(role: Role) -> Iterable[Permission]:
    named = Q(pk__in=[])
    for name in role.permissions:
        app, _dot, codename = name.partition(".")
        named |= Q(content_type__app_label=app, codename=codename)
    found = list(
        Permission.objects.filter(named | Q(content_type__app_label__in=role.apps)).select_related("content_type")
    )
    known = {f"{one.content_type.app_label}.{one.codename}" for one in found}
    missing = sorted(set(role.permissions) - known)
    if missing:
        raise UnknownPermission(f"{role.name}: {', '.join(missing)}")
    return found
