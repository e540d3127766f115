"""What operators do about a difference of books: explain it, book it, try again."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.admin import Operation
from core.audit import current_actor
from payments.models import ReconciliationItem
from payments.operations import NoQuestions, PaymentOperationView
from payments.reconciliation.deciding import ACCOUNTS, book_item, explain_item, retry_item

DO = "payments.reconcile_payments"


class WhyForm(forms.Form):
    """The explanation."""

    note = forms.CharField(label=_("What is the explanation?"), widget=forms.Textarea, max_length=2000)


class BookForm(WhyForm):
    """The account, and why."""

    account = forms.ChoiceField(label=_("Book against"), choices=list(ACCOUNTS.items()))
    field_order = ("account", "note")


def _explain(target: models.Model, answers: dict[str, Any]) -> None:
    explain_item(item_id=int(target.pk), note=answers["note"], actor_id=current_actor().user_id)


def _book(target: models.Model, answers: dict[str, Any]) -> None:
    book_item(
        item_id=int(target.pk), account=answers["account"], note=answers["note"], actor_id=current_actor().user_id
    )


def _retry(target: models.Model, answers: dict[str, Any]) -> None:
    retry_item(item_id=int(target.pk), actor_id=current_actor().user_id)


class ExplainView(PaymentOperationView):
    """Close it with a reason."""

    model = ReconciliationItem
    operation = Operation(
        name="explain",
        permission=DO,
        title=_("Explain the difference"),
        done=_("The difference is explained."),
        form=WhyForm,
        act=_explain,
        warning=_("Nothing is booked. The day goes on showing the difference."),
    )


class BookView(PaymentOperationView):
    """Put the provider's movement on the ledger."""

    model = ReconciliationItem
    operation = Operation(
        name="book",
        permission=DO,
        title=_("Book the difference"),
        done=_("The difference was booked."),
        form=BookForm,
        act=_book,
        warning=_("The ledger then says what the provider says. Postings are never changed or deleted."),
        is_costly=True,
    )


class RetryView(PaymentOperationView):
    """Ask and match again."""

    model = ReconciliationItem
    operation = Operation(
        name="retry",
        permission=DO,
        title=_("Try again"),
        done=_("It agrees now."),
        form=NoQuestions,
        act=_retry,
        warning=_("The provider is asked how the payment stands, and the row is matched again."),
    )
