"""The operators' navigation: every screen is reached from it, and it says where one is."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.console.navigation import SHELVES, Navigation
from config.console.types import NavEntry
from members.models import User
from tests.admin.people import operator, owner, text
from tests.admin.worlds import an_order

pytestmark = pytest.mark.django_db
PLACES = [place for shelf in SHELVES for place in shelf.places]


def at(path: str, user: User | AnonymousUser | None = None) -> Navigation:
    """The navigation of somebody who may do everything, or of this person."""
    request: HttpRequest = RequestFactory().get(path)
    request.user = user or User(is_superuser=True, is_active=True)
    return Navigation(request)


def entries(navigation: Navigation) -> list[NavEntry]:
    return [entry for group in navigation.groups for entry in group.every]


def test_every_place_asks_a_permission_that_exists_and_no_two_share_a_key() -> None:
    known = {f"{app}.{code}" for app, code in Permission.objects.values_list("content_type__app_label", "codename")}

    assert {place.permission for place in PLACES if place.permission} <= known
    keys = [place.key for place in PLACES if place.key]
    assert len(keys) == len(set(keys))


def test_every_place_opens_under_its_own_name() -> None:
    browser = owner()

    for place in PLACES:
        url = reverse(place.url_name)
        assert browser.get(url).status_code == 200, url
        assert [entry.url for entry in entries(at(url)) if entry.current] == [url]


@pytest.mark.parametrize(
    ("path", "url_name"),
    [
        ("/admin/orders/MER-1/refund/", "admin:workspace_list"),
        ("/admin/orders/document/", "admin:orders_document_changelist"),
        ("/admin/import/7/", "admin:console_import"),
        ("/admin/core/", ""),
    ],
)
def test_the_place_nearest_to_a_screen_is_the_one_one_is_on(path: str, url_name: str) -> None:
    here = [entry.url for entry in entries(at(path)) if entry.current]

    assert here == ([reverse(url_name)] if url_name else [])


def test_what_lies_behind_more_is_open_when_one_is_there() -> None:
    is_open = [group.heading for group in at(reverse("admin:catalog_media")).groups if group.more and group.is_open]

    assert is_open == ["Catalog"]
    assert not [group for group in at("/admin/").groups if group.more and group.is_open]


def test_someone_who_may_see_only_what_is_behind_more_sees_it_at_once() -> None:
    page = operator("payments.view_giftcard").get("/admin/").context["navigation"].groups

    assert [(group.heading, len(group.entries), len(group.more), group.is_open) for group in page] == [
        ("", 1, 0, False),
        ("Money", 0, 1, True),
        ("Set up", 0, 1, True),
    ]


def test_what_waits_is_counted_in_one_query() -> None:
    an_order(1)
    navigation = at("/admin/")

    with CaptureQueriesContext(connection) as caught:
        counts = {entry.url: entry.count for entry in entries(navigation) if entry.count}

    assert counts == {"/admin/orders/": 1}
    assert len(caught) == 1


def test_the_screen_one_is_on_is_said_once_in_each_navigation() -> None:
    page = text(owner().get("/admin/orders/"))

    assert page.count('<a href="/admin/orders/" aria-current="page"') == 2
