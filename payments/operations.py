"""What operators can do to payments and cases: small forms, one action each."""

from typing import Any

from django import forms
from django.db import models
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.admin import Operation, OperationView
from core.audit import current_actor
from core.money import round_half_up
from payments.actions import (
    accept_case,
    accept_surplus_as_credit,
    cancel_payment,
    capture_payment,
    dismiss_case,
    refresh_payment,
)
from payments.models import Payment, PaymentException


class NoQuestions(forms.Form):
    """The button is all there is."""


class CaptureForm(forms.Form):
    """How much of what is held."""

    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=19, decimal_places=4)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class NoteForm(forms.Form):
    """What was found out."""

    note = forms.CharField(label=_("What did you find out?"), widget=forms.Textarea, max_length=2000)


class PaymentOperationView(OperationView):
    """An operation on one row of payments."""

    model: type[models.Model]

    def target(self) -> models.Model:
        """The row of the address."""
        found: models.Model = get_object_or_404(self.model, pk=self.kwargs["pk"])
        return found

    def back(self, target: models.Model) -> str:
        """Its page."""
        return reverse(f"admin:payments_{target._meta.model_name}_change", args=[target.pk])


def _ask(target: models.Model, answers: dict[str, Any]) -> None:
    refresh_payment(payment_ref=_payment(target).ref, source="operator")


def _capture(target: models.Model, answers: dict[str, Any]) -> None:
    payment = _payment(target)
    capture_payment(payment_ref=payment.ref, amount=round_half_up(answers["amount"], payment.currency))


def _cancel(target: models.Model, answers: dict[str, Any]) -> None:
    cancel_payment(payment_ref=_payment(target).ref, reason="operator", note=answers["reason"])


def _accept(target: models.Model, answers: dict[str, Any]) -> None:
    accept_case(case_id=int(target.pk), note=answers["note"], actor_id=current_actor().user_id)


def _credit(target: models.Model, answers: dict[str, Any]) -> None:
    accept_surplus_as_credit(case_id=int(target.pk), note=answers["note"], actor_id=current_actor().user_id)


def _dismiss(target: models.Model, answers: dict[str, Any]) -> None:
    dismiss_case(case_id=int(target.pk), note=answers["note"], actor_id=current_actor().user_id)


def _payment(target: models.Model) -> Payment:
    return Payment.objects.get(pk=target.pk)


def _held(target: models.Model) -> dict[str, Any]:
    return {"amount": _payment(target).authorized.amount}


class AskView(PaymentOperationView):
    """Ask the provider how the payment stands."""

    model = Payment
    operation = Operation(
        name="ask",
        permission="payments.view_payment",
        title=_("Ask the provider"),
        done=_("The provider was asked."),
        form=NoQuestions,
        act=_ask,
        warning=_("What the provider says is recorded. Nothing is charged or refunded."),
    )


class CaptureView(PaymentOperationView):
    """Take what is held."""

    model = Payment
    operation = Operation(
        name="capture",
        permission="payments.capture_payment",
        title=_("Capture"),
        done=_("The money was captured."),
        form=CaptureForm,
        act=_capture,
        warning=_("The shopper is charged now. What is left of the held amount is released."),
        initial=_held,
        is_costly=True,
    )


class CancelView(PaymentOperationView):
    """Close the payment."""

    model = Payment
    operation = Operation(
        name="cancel",
        permission="payments.cancel_payment",
        title=_("Cancel the payment"),
        done=_("The payment was closed at the provider."),
        form=ReasonForm,
        act=_cancel,
        warning=_("Nobody can pay with it any more. The order stays."),
    )


class AcceptCaseView(PaymentOperationView):
    """Book the money as it came."""

    model = PaymentException
    operation = Operation(
        name="accept",
        permission="payments.resolve_paymentexception",
        title=_("Accept as it is"),
        done=_("The money was booked."),
        form=NoteForm,
        act=_accept,
        warning=_("The amount is booked to the order as it came. Too much or too little then shows on the order."),
        is_costly=True,
    )


class CreditCaseView(PaymentOperationView):
    """What was transferred too much becomes store credit."""

    model = PaymentException
    operation = Operation(
        name="credit",
        permission="payments.resolve_paymentexception",
        title=_("Give as store credit"),
        done=_("The money was booked and given as store credit."),
        form=NoteForm,
        act=_credit,
        warning=_("Only for money that was transferred too much, and only where the customer agreed."),
        is_costly=True,
    )


class DismissCaseView(PaymentOperationView):
    """Close the case without a booking."""

    model = PaymentException
    operation = Operation(
        name="dismiss",
        permission="payments.resolve_paymentexception",
        title=_("Close without booking"),
        done=_("The case is closed."),
        form=NoteForm,
        act=_dismiss,
        warning=_("Nothing is booked. Do this when it was settled outside the shop, or was nothing."),
    )
