"""The form of a market's after-sales policy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.models import Warehouse
from markets.queries import active_markets
from orders.models import AftersalesPolicy, Resolution

OFFERED = (Resolution.EXCHANGE, Resolution.CREDIT, Resolution.REPAIR)


class PolicyForm(forms.ModelForm[AftersalesPolicy]):
    """Markets and warehouses by choice; what is offered besides money back as boxes to tick."""

    market = forms.ChoiceField(label=_("market"))
    warehouse_code = forms.ChoiceField(label=_("returns go to warehouse"), required=False)
    resolutions = forms.MultipleChoiceField(
        label=_("offered besides money back"),
        choices=[(one.value, one.label) for one in OFFERED],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = AftersalesPolicy
        fields = (
            "market",
            "resolutions",
            "way_back",
            "sends_label",
            "agrees_at_once",
            "warehouse_code",
            "send_within_days",
            "exchange_price",
            "exchange_sends",
            "answer_within_hours",
            "instructions",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        markets = [(one.code, one.name) for one in active_markets()]
        places = [(one.code, one.name) for one in Warehouse.objects.filter(is_active=True)]
        self.fields["market"].choices = markets  # type: ignore[attr-defined]  # a choice field
        self.fields["warehouse_code"].choices = [("", _("Where the goods came from")), *places]  # type: ignore[attr-defined]
