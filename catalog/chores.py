"""What of the catalogue waits for a person."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.importers.preparing import KIND as IMPORT
from catalog.models import PlannedChange, PricePlan, Question, Review
from core.chores import Chore, register
from core.models import Job


def _imports() -> QuerySet[Job]:
    """Files that were looked at and wait for a decision."""
    return Job.objects.filter(kind=IMPORT, state=Job.State.PREPARED)


register(
    Chore(
        key="questions",
        permission="catalog.answer_question",
        rows=lambda: Question.objects.filter(state=Question.State.PENDING),
        since="created",
        title=_("Questions about products"),
        sentence=_("Shoppers want to know something before they buy."),
        button=pgettext_lazy("button in the work queue", "Answer"),
        url_name="admin:catalog_question_changelist",
        query="state__exact=pending",
        place=110,
    ),
    Chore(
        key="reviews",
        permission="catalog.moderate_review",
        rows=lambda: Review.objects.filter(state=Review.State.PENDING),
        since="created",
        title=_("Reviews to look at"),
        sentence=_("They are shown once somebody has looked at them."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:catalog_review_changelist",
        query="state__exact=pending",
        place=120,
    ),
    Chore(
        key="planned",
        permission="catalog.change_product",
        rows=lambda: PlannedChange.objects.filter(state=PlannedChange.State.FAILED),
        since="ended_at",
        title=_("Planned changes that could not be made"),
        sentence=_("Products were to change by now and did not; each says why."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:catalog_planned",
        is_urgent=True,
        place=130,
    ),
    Chore(
        key="prices",
        permission="catalog.approve_prices",
        rows=lambda: PricePlan.objects.filter(state=PricePlan.State.WAITING),
        since="updated",
        title=_("Prices that wait for a second person"),
        sentence=_("They move a lot, are many, or lie below cost; they do not begin before somebody agrees."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:catalog_price_plans",
        place=160,
    ),
    Chore(
        key="imports",
        permission="catalog.import_products",
        rows=_imports,
        since="created",
        title=_("Imports to decide"),
        sentence=_("Files were looked at; nothing of them is in the catalogue before somebody says so."),
        button=pgettext_lazy("button in the work queue", "Decide"),
        url_name="admin:console_import",
        place=125,
    ),
)
