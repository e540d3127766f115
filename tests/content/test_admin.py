"""Words changed in the admin are on the pages at once."""

import pytest
from django.test import Client
from django.urls import reverse

from members.models import User
from tests.factories.content import make_notice, make_section
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    small_world("de")
    client.force_login(User.objects.create_superuser("words@meridian.example", "secret-of-tests"))
    return client


@pytest.mark.django_db(transaction=True)
def test_a_changed_notice_is_shown_at_once(operator: Client) -> None:
    notice = make_notice("Before")
    assert b"<p>Before</p>" in operator.get("/de/en/").content
    fields = {"code": notice.code, "text": "After", "text_de": "Danach", "position": 0, "is_active": "on", "target": ""}
    saved = operator.post(reverse("admin:content_stripnotice_change", args=[notice.pk]), fields)
    assert saved.status_code == 302
    assert b"<p>After</p>" in operator.get("/de/en/").content
    assert b"<p>Danach</p>" in operator.get("/de/de/").content


@pytest.mark.parametrize("model", ["homesection", "page", "menulink", "stripnotice"])
def test_every_list_and_form_opens(operator: Client, model: str) -> None:
    make_section("promises", items=2)
    assert operator.get(reverse(f"admin:content_{model}_changelist")).status_code == 200
    assert operator.get(reverse(f"admin:content_{model}_add")).status_code == 200
