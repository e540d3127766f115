"""Messages about products to shoppers."""

from django.conf import settings

from catalog.addresses import product_path
from catalog.models import Question, Route
from core.notifications import send
from markets.queries import find_market


def tell_answered(question: Question) -> None:
    """One message with the answer, in the language of the question, to who left an address."""
    market = find_market(question.market.code, language=question.language)
    if market is None or not question.email:
        return
    slug = Route.objects.filter(product=question.product_id, language=market.language, current=True).first()
    send(
        "question_answered",
        to=question.email,
        language=question.language,
        market=market.code,
        reference=str(question.product_id),
        dedupe_key=f"question-answered:{question.pk}",
        context={
            "name": question.product.text("name", market.language),
            "question": question.body,
            "answer": question.answer,
            "product_url": f"{settings.SHOP_URL}{product_path(market, slug.slug)}#questions" if slug else "",
        },
    )
