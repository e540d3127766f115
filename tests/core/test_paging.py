"""Pages of long tables: exact while short, estimated beyond, and the same rows however late the page is."""

import pytest
from django.db import connection

from core import paging
from core.models import Job
from core.paging import EstimatingPaginator

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs() -> None:
    Job.objects.bulk_create(Job(kind="test", title=f"Job {number}") for number in range(230))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_job")


def test_short_lists_are_counted(jobs: None) -> None:
    assert EstimatingPaginator(Job.objects.order_by("pk"), 50).count == 230
    assert EstimatingPaginator(Job.objects.filter(title="Job 7"), 50).count == 1
    assert EstimatingPaginator([1, 2, 3], 2).count == 3


def test_long_lists_are_estimated_and_never_below_what_was_seen(jobs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "EXACT_UP_TO", 100)
    assert EstimatingPaginator(Job.objects.order_by("pk"), 50).count == 230
    assert EstimatingPaginator(Job.objects.filter(title__contains="Job"), 50).count >= 101


def test_late_pages_hold_the_rows_they_would_hold_anyway(jobs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "DEEP", 100)
    pages = EstimatingPaginator(Job.objects.select_related("started_by").order_by("-title", "pk"), 50)
    found = [job.pk for number in pages.page_range for job in pages.page(number)]
    assert found == list(Job.objects.order_by("-title", "pk").values_list("pk", flat=True))
    assert [page.number for page in (pages.get_page(999), pages.get_page("x"))] == [5, 1]
