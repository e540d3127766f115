"""A shared world is the same for every test of its module, whatever the others did to it."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction

from markets.models import Country
from tests.factories.markets import CountryFactory
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def country() -> Country:
    cache.set("seen-while-building", "yes")
    transaction.on_commit(lambda: pytest.fail("Nothing of the building is committed."))
    mail.send_mail("Built", "", None, ["operator@example.com"])
    return Country.objects.create(code="DE", name="As built", region="europe")


@pytest.mark.parametrize("name", ["First", "Second"])
def test_what_a_test_changes_the_next_one_does_not_see(country: Country, name: str) -> None:
    assert country.name == Country.objects.get().name == "As built"
    country.name = name
    country.save()
    CountryFactory(code="FR")
    assert set(Country.objects.values_list("name", flat=True)) == {name, "FR"}


@pytest.mark.parametrize("time", ["once", "again"])
def test_a_test_that_ends_in_a_broken_transaction_leaves_the_world_standing(time: str) -> None:
    assert Country.objects.count() == 1, time
    with pytest.raises(IntegrityError), transaction.atomic():
        Country.objects.create(code="DE")
    transaction.set_rollback(True)


def test_nothing_cached_mailed_or_left_for_after_the_commit_reaches_a_test() -> None:
    assert cache.get("seen-while-building") is None
    assert mail.outbox == []
    assert connection.run_on_commit == []


def test_an_action_that_insists_on_being_outermost_runs(country: Country) -> None:
    with transaction.atomic(durable=True):
        Country.objects.update(name="Within")
    country.refresh_from_db()
    assert country.name == "Within"
