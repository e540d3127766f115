"""What the rules want on paper: told by the order's own record, to whoever writes papers and to operators."""

from typing import Any

import pytest
from django.utils.translation import override

from markets.compliance.papers import papers_wanted
from orders.models import Order, OrderHold
from orders.workspace.rules import hold_reason, papers_panel
from tests.admin.people import operator, text
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import placed_order


def rule(action: str, parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    plain = {
        "code": f"{action}-1", "action": action, "priority": 0, "parameters": parameters, "explanation": "By law.",
        "verification": "S", "why": [], "lines": [], "beaten_by": "",
    }  # fmt: skip
    return plain | more


NOTICE = rule("doc_attach", {"document": "guarantee_notice"})
SHEET = rule("doc_attach", {"document": "lithium-form"}, code="own", verification="M", lines=["1", "2"])
INVOICE = rule("invoice_template", {"template": "nota", "heading": {"en": "Receipt", "pt": "Recibo"}})


def test_a_hold_by_a_rule_is_told_in_the_readers_language() -> None:
    told = {"explanation": {"en": "By law.", "de": "Das Gesetz will es."}}
    order = Order(number="TST-1", compliance_profile={"rules": [rule("hold", told, code="limit")]})
    with override("de"):
        assert hold_reason(order, OrderHold(key="rule:TST-1:limit", reason="By law.")) == "Das Gesetz will es."
        assert hold_reason(order, OrderHold(key="rule:TST-1:other", reason="By law.")) == "By law."
        assert hold_reason(order, OrderHold(key="rule:TST-1:limit", reason="As it was.")) == "As it was."


def test_papers_and_the_invoice_are_read_off_the_stored_rules() -> None:
    wanted = papers_wanted({"rules": [NOTICE, SHEET, INVOICE, rule("hold", {})]})

    assert (wanted.template, wanted.template_rule) == ("nota", "invoice_template-1")
    assert (wanted.heading("pt"), wanted.heading("ja")) == ("Recibo", "Receipt")
    assert [(one.document, one.name, one.is_confirmed, one.lines) for one in wanted.enclosed] == [
        ("guarantee_notice", "Notice on the legal guarantee", True, ()),
        ("lithium-form", "lithium-form", False, ("1", "2")),
    ]


def test_a_rule_without_effect_wants_nothing_and_no_rules_want_the_usual() -> None:
    beaten = papers_wanted({"rules": [{**NOTICE, "beaten_by": "x"}, {**INVOICE, "beaten_by": "y"}]})

    assert beaten == papers_wanted({}) == papers_wanted({"rules": []})
    assert (beaten.template, beaten.enclosed, beaten.heading("en")) == ("", (), "")


@pytest.mark.django_db
def test_operators_see_the_list_on_the_order() -> None:
    market = open_shop()
    order = placed_order(market, (item_in(market), 1))
    assert papers_panel(order) is None
    Order.objects.filter(pk=order.pk).update(compliance_profile={"rules": [NOTICE, SHEET, INVOICE]})

    page = text(operator("orders.view_order").get(f"/admin/orders/{order.number}/"))

    assert "Papers for this order" in page
    for words in ("Notice on the legal guarantee", "lithium-form", "Goes with lines 1, 2.", "nota", "Headed: Receipt"):
        assert words in page


@pytest.mark.django_db
def test_whoever_packs_is_told_that_goods_may_not_share_a_parcel() -> None:
    market = open_shop()
    order = placed_order(market, (item_in(market), 1))
    landed = {"crosses": True, "payer": "seller", "explanations": ["must_split_parcels"], "rule_ids": ["a"]}
    clerk = operator("orders.view_order")
    told = "Send these goods in more than one parcel"

    Order.objects.filter(pk=order.pk).update(landed=landed)
    assert told in text(clerk.get(f"/admin/orders/{order.number}/"))
    Order.objects.filter(pk=order.pk).update(landed={**landed, "explanations": []})
    assert told not in text(clerk.get(f"/admin/orders/{order.number}/"))
