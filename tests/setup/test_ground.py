"""What every other test relies on."""

from __future__ import annotations

import socket

import psycopg2
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.databases import end_what_was_left_open
from tests.isolation import NetworkRefused


@pytest.mark.django_db
def test_tests_run_on_a_real_postgresql_that_sorts_and_cases_by_unicode() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT upper('straße'), lower('ÀÉÖЖ'), 'Z' < 'a', current_setting('server_version_num')::int")
        upper, lower, by_code_point, version = cursor.fetchone()
    assert (upper, lower, by_code_point) == ("STRASSE", "àéöж", True)
    assert version >= 180000


@pytest.mark.parametrize("value", [1, "words", ["a", 2], {"total": "10.00"}, None])
def test_the_cache_is_real_and_keeps_plain_values(value: object) -> None:
    cache.set("kept", value)
    assert cache.get("kept", "missing") == value


def test_the_cache_counts() -> None:
    cache.set("visits", 1)
    assert cache.incr("visits") == 2


def test_the_cache_refuses_what_is_not_plain() -> None:
    with pytest.raises(TypeError):
        cache.set("kept", object())


def test_tests_cannot_reach_the_world_outside() -> None:
    with socket.socket() as line, pytest.raises(NetworkRefused):
        line.connect(("192.0.2.1", 80))


@pytest.mark.django_db
def test_the_two_health_questions_are_answered() -> None:
    client = Client()
    assert client.get("/healthz").content == b"ok"
    assert client.get("/readyz").json() == {"database": "ok", "redis": "ok"}


@pytest.mark.django_db
def test_a_transaction_that_a_test_left_open_is_ended_before_the_tables_are_emptied() -> None:
    known = connection.get_connection_params()
    forgotten = psycopg2.connect(**{name: known[name] for name in ("dbname", "user", "host", "port") if name in known})
    with forgotten.cursor() as cursor:
        cursor.execute("SELECT 'forgotten'")
    assert end_what_was_left_open(patience=0) == ["idle in transaction: SELECT 'forgotten'"]
    assert end_what_was_left_open(patience=5) == []
    with pytest.raises(psycopg2.OperationalError), forgotten.cursor() as cursor:
        cursor.execute("SELECT 1")
