"""What operators can do to stock: small forms, one action each."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.db import models
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.admin import Operation, OperationView
from inventory.actions import book_delivery, correct_stock
from inventory.models import StockItem

MOST = 1_000_000


def fresh_key() -> str:
    return f"admin:{uuid4()}"


class KeyedForm(forms.Form):
    """Sent twice, booked once."""

    key = forms.CharField(widget=forms.HiddenInput, initial=fresh_key, max_length=100)


class ReceiveForm(KeyedForm):
    """How many pieces came, and with what."""

    quantity = forms.IntegerField(label=_("Pieces that arrived"), min_value=1, max_value=MOST)
    reason = forms.CharField(label=_("Delivery note or remark"), max_length=300, required=False)


class CorrectForm(KeyedForm):
    """What was counted, and why it differs."""

    counted = forms.IntegerField(label=_("Pieces counted on the shelf"), min_value=0, max_value=MOST)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class StockOperationView(OperationView):
    """An operation on one stock row."""

    def target(self) -> models.Model:
        """The row of the address."""
        return get_object_or_404(StockItem.objects.select_related("variant", "warehouse"), pk=self.kwargs["pk"])

    def back(self, target: models.Model) -> str:
        """Its page."""
        return reverse("admin:inventory_stockitem_change", args=[target.pk])


def _receive(target: models.Model, answers: dict[str, Any]) -> None:
    book_delivery(
        stock_item_id=cast(int, target.pk),
        quantity=answers["quantity"],
        reason=answers["reason"],
        op_key=answers["key"],
    )


def _correct(target: models.Model, answers: dict[str, Any]) -> None:
    correct_stock(
        stock_item_id=cast(int, target.pk), counted=answers["counted"], reason=answers["reason"], op_key=answers["key"]
    )


def _on_hand(target: models.Model) -> dict[str, Any]:
    return {"counted": cast(StockItem, target).on_hand}


class ReceiveView(StockOperationView):
    """Book pieces that arrived."""

    operation = Operation(
        name="receive",
        permission="inventory.receive_stock",
        title=_("Book arrived stock"),
        done=_("The stock is booked."),
        form=ReceiveForm,
        act=_receive,
    )


class CorrectView(StockOperationView):
    """Set the stock to what was counted."""

    operation = Operation(
        name="correct",
        permission="inventory.correct_stock",
        title=_("Correct stock"),
        done=_("The stock is corrected."),
        form=CorrectForm,
        act=_correct,
        warning=_("The counter is set to what you counted. Sales go on meanwhile; the movement keeps your reason."),
        initial=_on_hand,
    )
