"""The form of a supplier: amounts are offered in currencies that the shop has, named in the reader's language."""

import pytest
from django.utils import translation

from inventory.buying.admin import SupplierForm
from inventory.models import Supplier
from tests.factories.cart import open_shop

pytestmark = pytest.mark.django_db


def test_an_amount_is_offered_in_the_suppliers_currency_and_those_of_markets_only() -> None:
    open_shop()
    with translation.override("de"):
        form = SupplierForm(instance=Supplier(code="x", name="X", currency="CNY"))
        field = form.fields["least_order"]

    assert dict(field.widget.widgets[1].choices) == {"CNY": "Renminbi Yuan (CNY)", "EUR": "Euro (EUR)"}
    assert field.widget.decompress(None) == [None, "CNY"]
