"""Operators with exactly the permissions they are given, signed in."""

import re
from itertools import count

from django.contrib.auth.models import Permission
from django.db.models import Q
from django.http import HttpResponse
from django.test import Client

from members.models import User

_numbers = count(1)
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_0-9]+)" value="([^"]*)"')


def operator(*permissions: str) -> Client:
    """A browser in which somebody with these permissions is signed in."""
    user = User.objects.create_user(f"operator-{next(_numbers)}@example.com", "a-long-password", is_staff=True)
    wanted = Q(pk__in=[])
    for name in permissions:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    found = list(Permission.objects.filter(wanted)) if permissions else []
    assert len(found) == len(permissions), "a permission that nobody declares"
    user.user_permissions.set(found)
    return signed_in(user)


def owner() -> Client:
    """A browser of somebody who may do everything."""
    return signed_in(User.objects.create_superuser(f"owner-{next(_numbers)}@example.com", "a-long-password"))


def shopper() -> Client:
    """A browser of a customer."""
    return signed_in(User.objects.create_user(f"shopper-{next(_numbers)}@example.com", "a-long-password"))


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def text(response: HttpResponse) -> str:
    return response.content.decode()


def hidden(response: HttpResponse) -> dict[str, str]:
    """The hidden inputs of a page's last form, as a browser would send them."""
    return dict(HIDDEN.findall(text(response)))
