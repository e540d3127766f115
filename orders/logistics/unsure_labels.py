"""Labels whose carrier did not answer: it may have made them. They are asked for again, or given up."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.errors import DomainError
from orders.actions.parcel_labels import ask_label_again, give_up_parcel_label
from orders.logistics.desk_forms import GiveUpForm
from orders.logistics.label_desk import LabelView, must_buy


class AskAgainView(LabelView):
    """Ask once more."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask, under the label's own key."""
        must_buy(request)
        try:
            ask_label_again(fulfillment_id=self.parcel().pk)
        except DomainError as trouble:
            return self.show(refusal=str(trouble))
        messages.success(request, _("The label is bought. Print it and put it on the parcel."))
        return self.here()


class GiveUpView(LabelView):
    """The carrier never made it."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Give it up, with what the carrier said."""
        must_buy(request)
        form = GiveUpForm(request.POST, auto_id="up-%s")
        if not form.is_valid():
            return self.show(up_form=form)
        try:
            give_up_parcel_label(fulfillment_id=self.parcel().pk, reason=form.cleaned_data["reason"])
        except DomainError as trouble:
            return self.show(refusal=str(trouble))
        messages.success(request, _("The label was given up. Another one can be bought."))
        return self.here()
