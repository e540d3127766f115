"""An invoice in every market: under its name there, of the amounts of the order."""

import pytest

from core.outbox import drain
from orders.models import Document
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order
from tests.soundness import broken_checks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "title"), [("de", "Invoice"), ("jp", "Qualified invoice"), ("ae", "Tax invoice"), ("us", "Invoice")]
)
def test_every_market_gets_its_own_document_of_the_order_s_amounts(code: str, title: str) -> None:
    market = open_shop(code)
    order = paid_order(market, (item_in(market), 3))
    drain(limit=200)

    invoice = Document.objects.get()
    assert (invoice.title, invoice.language) == (title, order.language)
    assert (invoice.total, invoice.tax_total) == (order.total, order.tax_total)
    assert broken_checks() <= {"Q02"}
