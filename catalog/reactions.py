"""What follows in the catalogue from what happened."""

from catalog.events import QuestionAnswered
from catalog.models import Question
from catalog.notifications import tell_answered


def tell_who_asked(event: QuestionAnswered) -> None:
    """Who asked hears of the answer; sending twice is prevented by the message's own key."""
    question = Question.objects.select_related("market", "product").filter(pk=event.question_id).first()
    if question is not None:
        tell_answered(question)
