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
from inventory.reasons import LESS, MORE, Reason
from inventory.stockwork.adjusting import adjust_stock
from inventory.stockwork.batch_deeds import keep_batches, name_batch

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


class BatchedReceiveForm(ReceiveForm):
    """With the batch, for shelves that keep batches."""

    batch = forms.CharField(
        label=_("Batch"), max_length=60, required=False, help_text=_("Only where batches are kept; as it is printed.")
    )
    expires_on = forms.DateField(
        label=_("Best before"), required=False, widget=forms.DateInput({"type": "date", "class": "input"})
    )

    def clean(self) -> dict[str, Any]:
        """A date belongs to a batch."""
        found = super().clean() or {}
        if found.get("expires_on") and not found.get("batch"):
            self.add_error("batch", _("Say which batch has this date."))
        return found


class AdjustForm(KeyedForm):
    """Pieces lost or found, with a typed reason."""

    pieces = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=MOST)
    reason = forms.ChoiceField(label=_("Reason"), choices=Reason.choices)
    is_more = forms.BooleanField(
        label=_("These are more pieces, not fewer (only for what was counted or booked wrongly)"), required=False
    )
    batch = forms.CharField(
        label=_("Batch"), max_length=60, required=False, help_text=_("Only where batches are kept.")
    )
    note = forms.CharField(label=_("What happened"), max_length=300, required=False)


class BatchForm(KeyedForm):
    """Pieces whose batch somebody has read."""

    pieces = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=MOST)
    batch = forms.CharField(label=_("Batch"), max_length=60)
    expires_on = forms.DateField(
        label=_("Best before"), required=False, widget=forms.DateInput({"type": "date", "class": "input"})
    )


class KeepBatchesForm(KeyedForm):
    """From when on a batch is no longer sold."""

    days_left = forms.IntegerField(
        label=_("Days left when sold"), min_value=0, max_value=3650, initial=0,
        help_text=_("What expires sooner is no longer sold."),
    )  # fmt: skip


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
        batch=answers["batch"],
        expires_on=answers["expires_on"],
    )


def _adjust(target: models.Model, answers: dict[str, Any]) -> None:
    reason, pieces = answers["reason"], answers["pieces"]
    is_more = reason in MORE or (reason not in LESS and answers["is_more"])
    adjust_stock(
        stock_item_id=cast(int, target.pk),
        difference=pieces if is_more else -pieces,
        reason=reason,
        note=answers["note"],
        op_key=answers["key"],
        batch=answers["batch"],
    )


def _batch(target: models.Model, answers: dict[str, Any]) -> None:
    name_batch(
        stock_item_id=cast(int, target.pk),
        code=answers["batch"],
        expires_on=answers["expires_on"],
        pieces=answers["pieces"],
    )


def _keep_batches(target: models.Model, answers: dict[str, Any]) -> None:
    keep_batches(variant_id=cast(StockItem, target).variant_id, days_left=answers["days_left"])


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
        form=BatchedReceiveForm,
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


class AdjustView(StockOperationView):
    """Book pieces that were lost or found."""

    operation = Operation(
        name="adjust",
        permission="inventory.adjust_stock",
        title=_("Book a loss or a find"),
        done=_("It is booked."),
        form=AdjustForm,
        act=_adjust,
        warning=_("Broken, expired, stolen, lost, given away and used pieces leave the shelf; found ones come to it."),
    )


class BatchView(StockOperationView):
    """Name the batch of pieces nobody knew it of."""

    operation = Operation(
        name="batch",
        permission="inventory.keep_batches",
        title=_("Name a batch"),
        done=_("The batch is named."),
        form=BatchForm,
        act=_batch,
        warning=_("Pieces of this shelf whose batch nobody knows get this one."),
    )


class KeepBatchesView(StockOperationView):
    """Keep the pieces of this variant in batches."""

    operation = Operation(
        name="keep_batches",
        permission="inventory.keep_batches",
        title=_("Keep batches"),
        done=_("This variant is kept in batches in every warehouse."),
        form=KeepBatchesForm,
        act=_keep_batches,
        warning=_(
            "This holds for the variant in every warehouse and cannot be undone. Pieces that are there now have"
            " no batch until somebody names it."
        ),
    )
