"""What follows in the catalogue from what happened."""

from django.db import transaction

from catalog.actions.categories import products_in
from catalog.actions.derived import mark_dirty
from catalog.events import QuestionAnswered, ShelvesChanged
from catalog.models import Product, Question
from catalog.notifications import tell_answered

AT_ONCE = 2_000


def tell_who_asked(event: QuestionAnswered) -> None:
    """Who asked hears of the answer; sending twice is prevented by the message's own key."""
    question = Question.objects.select_related("market", "product").filter(pk=event.question_id).first()
    if question is not None:
        tell_answered(question)


def relist_products(event: ShelvesChanged) -> None:
    """Products in these categories are derived anew; flagged some thousand at a time. Twice is harmless."""
    inside = Product.objects.filter(products_in(list(event.category_ids))).order_by("pk").values_list("pk", flat=True)
    last = 0
    while ids := list(inside.filter(pk__gt=last)[:AT_ONCE]):
        with transaction.atomic():
            mark_dirty(product_ids=ids)
        last = ids[-1]
