"""Questions about products: asked, answered, shown."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from catalog.events import QuestionAnswered
from catalog.models import Question
from core import audit
from core.events import publish
from markets.models import Market


@dataclass(frozen=True, kw_only=True)
class QuestionDraft:
    """What somebody asks. With an `email` they are told of the answer."""

    product_id: int
    market_code: str
    language: str
    body: str
    author_name: str = ""
    email: str = ""


def ask_question(*, draft: QuestionDraft) -> Question:
    """A question that waits for the shop's answer."""
    return Question.objects.create(
        product_id=draft.product_id,
        market=Market.objects.get(code=draft.market_code),
        language=draft.language,
        body=draft.body.strip(),
        author_name=draft.author_name.strip(),
        email=draft.email.strip(),
    )


@transaction.atomic
def answer_question(*, question_id: int, answer: str) -> Question:
    """Answer a question and show both; who asked is told once."""
    question = Question.objects.lock().get(pk=question_id)
    first = question.answered_at is None
    question.answer, question.answered_at = answer.strip(), timezone.now()
    question.save(update_fields=["answer", "answered_at"])
    if question.state != Question.State.APPROVED:
        question.become(state=Question.State.APPROVED)
    audit.record("catalog.answer_question", question, data={"answer": question.answer})
    if first:
        publish(QuestionAnswered(question_id=question.pk, product_id=question.product_id))
    return question


@transaction.atomic
def reject_question(*, question_id: int, refusal: str, note: str = "") -> Question:
    """Do not show a question, for one of the reasons there are."""
    question = Question.objects.lock().get(pk=question_id)
    question.become(state=Question.State.REJECTED)
    question.refusal = Question.Refusal(refusal).value
    question.save(update_fields=["refusal"])
    audit.record("catalog.reject_question", question, data={"refusal": question.refusal}, reason=note)
    return question
