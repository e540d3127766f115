"""Error pages: in the reader's language, with a way on, even when nothing else works."""

import pytest
from django.test import Client, RequestFactory
from django.utils.translation import override

from content.errors import bad_request, csrf_failure, forbidden, server_error, too_many_requests
from tests.factories.markets import small_world


@pytest.mark.django_db
def test_an_unknown_address_is_not_found_in_the_language_of_the_address(client: Client) -> None:
    small_world("de")
    response = client.get("/de/ar/nothing-here/")
    assert response.status_code == 404
    assert b'<html lang="ar" dir="rtl">' in response.content


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_words() -> None:
    small_world("de")
    response = Client(enforce_csrf_checks=True).post("/de/en/cookies/", {"choice": "accept"})
    assert response.status_code == 403
    assert b"The form was open too long" in response.content
    assert "consent" not in response.cookies


def test_the_page_of_a_broken_shop_needs_no_database() -> None:
    with override("ar"):
        response = server_error(RequestFactory().get("/de/ar/"))
    assert response.status_code == 500
    assert b'<html lang="ar" dir="rtl">' in response.content


@pytest.mark.parametrize(
    ("view", "status"), [(bad_request, 400), (forbidden, 403), (csrf_failure, 403), (too_many_requests, 429)]
)
def test_a_refusal_outside_any_market_leads_to_the_first_page(view: object, status: int) -> None:
    response = view(RequestFactory().get("/"))  # type: ignore[operator]  # all three are views
    assert response.status_code == status
    assert b'href="/"' in response.content
