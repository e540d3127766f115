"""What the catalogue holds about people: the names under their reviews and questions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from catalog.models import Question, Review
from core.privacy import Holding, Personal, Subject, register, rows_of


def _theirs(subject: Subject) -> Q:
    """Reviews of the account, of the addresses, and of the orders found."""
    refs = {*subject.emails, *([str(subject.user_id)] if subject.user_id is not None else [])}
    return Q(author_ref__in=sorted(refs)) | Q(order_ref__in=sorted(subject.orders))


def export(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What they wrote."""
    fields = ("author_name", "language", "rating", "title", "body", "written_on", "order_ref", "state")
    asked = Question.objects.filter(email__in=sorted(subject.emails))
    return {
        "catalog.Review": rows_of(Review.objects.filter(_theirs(subject)), *fields),
        "catalog.Question": rows_of(asked, "author_name", "email", "language", "body", "created", "answer"),
    }


def erase(subject: Subject) -> Mapping[str, int]:
    """The review stays without its author: other shoppers rely on it, and nobody can tell whose it was."""
    found = Review.objects.filter(_theirs(subject))
    asked = Question.objects.filter(email__in=sorted(subject.emails))
    return {
        "catalog.Review": found.update(author_name="", author_ref="", order_ref=""),
        "catalog.Question": asked.update(author_name="", email=""),
    }


register(
    Holding(
        app="catalog",
        personal=(
            Personal(
                model="catalog.Review",
                fields=("author_name", "author_ref"),
                purpose="Under which name a review is shown, and that one person writes one.",
                fate="blanked",
            ),
            Personal(
                model="catalog.Question",
                fields=("author_name", "email"),
                purpose="Under which name a question is shown, and where its answer goes.",
                fate="blanked",
            ),
            Personal(
                model="catalog.Maker",
                fields=("email", "postal_address"),
                purpose="The business contact that product safety law asks for.",
                fate="kept",
                reason="A company, not a customer.",
            ),
            Personal(
                model="catalog.Variant",
                fields=("classified_by",),
                purpose="Which operator answers for a goods code.",
                fate="kept",
                reason="A number that leads to a pseudonymised account.",
            ),
            Personal(
                model="catalog.PricePlan",
                fields=("proposed_by", "decided_by"),
                purpose="Which operators proposed prices and agreed to them, so that somebody can answer for it.",
                fate="kept",
                reason="A number that leads to a pseudonymised account.",
            ),
            Personal(
                model="catalog.PlannedChange",
                fields=("planned_by", "planned_by_label"),
                purpose="Which operator planned a change, so that somebody can answer for it.",
                fate="kept",
                reason="An operator's own work, as in the activity log.",
            ),
            Personal(
                model="catalog.ColumnMapping",
                fields=("changed_by",),
                purpose="Which operator changed how a file is read.",
                fate="kept",
                reason="A number that leads to a pseudonymised account.",
            ),
        ),
        export=export,
        erase=erase,
    )
)
