"""What operators do to an order: each view asks one permission, reads one form and calls one action."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.idempotency import claim, fingerprint
from orders.actions import (
    add_note,
    capture_order,
    create_fulfillment,
    credit_what_failed,
    deliver_fulfillment,
    open_hold,
    plan_hold,
    resolve_hold,
    ship_fulfillment,
    write_to_customer,
)
from orders.actions.tags import make_tag, tag_order, untag_order
from orders.models import Fulfillment, HoldKind, Order
from orders.workspace.desk_forms import PlanHoldForm, StopForm, TagForm, team
from orders.workspace.forms import KeyedForm, NoteForm, PackForm, PressForm, ResolveForm, ShipForm
from orders.workspace.page import parcel_panel
from orders.workspace.types import ParcelPanel
from orders.workspace.views import WorkspaceScreen, must


class OrderOperation(WorkspaceScreen):
    """One deed. What is refused is said beside the form, with everything that was typed; a repeat is done once."""

    permission: ClassVar[str]
    name: ClassVar[str]
    done: ClassVar[str | Promise]
    anchor: ClassVar[str] = ""

    def form(self, order: Order) -> KeyedForm:
        """The form with what was sent."""
        raise NotImplementedError

    def act(self, order: Order, form: Any) -> None:
        """Call the action."""
        raise NotImplementedError

    def slot(self) -> str:
        """Under which name the page shows this form."""
        return self.name

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People with the operation's own permission only."""
        must(request, self.permission)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The deed."""
        order = self.order()
        form = self.form(order)
        if form.is_valid() and once(self.name, order, form, lambda: self.act(order, form)):
            messages.success(request, str(self.done))
            return self.back(self.anchor)
        return self.show(self.order(), {self.slot(): form})


def once(name: str, order: Order, form: KeyedForm, act: Callable[[], Any]) -> bool:
    """Do it under the form's key; returns whether it is done now. Refusals are put on the form."""
    scope, key = f"admin.order.{name}", f"{order.number}:{form.cleaned_data['key']}"
    try:
        with claim(scope, key, fingerprint(form.meaning())) as mine:
            if not mine.is_replay:
                act()
                mine.finish({"done": True})
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


class ParcelOperation(OrderOperation):
    """A deed on one parcel of the order."""

    permission = "fulfill_order"
    anchor = "parcels"

    def slot(self) -> str:
        """Each parcel has forms of its own."""
        return f"{self.name}-{self.kwargs['parcel']}"

    def panel(self, order: Order) -> ParcelPanel:
        """The parcel of the address. Raises `Http404` for one of another order."""
        found = parcel_panel(order, self.kwargs["parcel"])
        if found is None:
            raise Http404
        return found


class PackView(ParcelOperation):
    """Put so many of each line into a parcel of their own."""

    name = "pack"
    done = _("The parcel is packed.")

    def form(self, order: Order) -> KeyedForm:
        """Quantities up to what is planned."""
        return PackForm(self.panel(order), self.request.POST)

    def act(self, order: Order, form: PackForm) -> None:
        """Pack."""
        place = Fulfillment.objects.values_list("warehouse_code", flat=True).get(pk=self.kwargs["parcel"])
        create_fulfillment(number=order.number, warehouse_code=place, items=form.items())


class ShipView(ParcelOperation):
    """Hand the parcel to a carrier."""

    name = "ship"
    done = _("The parcel is on its way, and the customer is told.")

    def form(self, order: Order) -> KeyedForm:
        """Carrier and number."""
        return ShipForm(self.panel(order), self.request.POST)

    def act(self, order: Order, form: Form) -> None:
        """Ship."""
        ship_fulfillment(
            fulfillment_id=self.kwargs["parcel"],
            carrier=form.cleaned_data["carrier"],
            tracking_no=form.cleaned_data["tracking_no"],
            tracking_url=form.cleaned_data["tracking_url"],
        )


class DeliverView(ParcelOperation):
    """The parcel arrived."""

    name = "deliver"
    done = _("The parcel is marked as delivered.")

    def form(self, order: Order) -> KeyedForm:
        """The button."""
        self.panel(order)
        return PressForm(self.request.POST)

    def act(self, order: Order, form: Form) -> None:
        """Deliver. Raises the refusal of a parcel that has not left."""
        deliver_fulfillment(fulfillment_id=self.kwargs["parcel"])


class CaptureView(OrderOperation):
    """Take the money that is held."""

    permission = "capture_order"
    name = "capture"
    done = _("The money was captured.")
    anchor = "payments"

    def form(self, order: Order) -> KeyedForm:
        """The button."""
        return PressForm(self.request.POST)

    def act(self, order: Order, form: Form) -> None:
        """Capture."""
        capture_order(number=order.number)


class CreditFailedView(OrderOperation):
    """Give as store credit what no payment took back of a refund; the customer agreed."""

    permission = "refund_order"
    name = "credit_failed"
    done = _("What was refused is store credit now, and the customer is told.")
    anchor = "payments"

    def form(self, order: Order) -> KeyedForm:
        """The button."""
        return PressForm(self.request.POST)

    def act(self, order: Order, form: Form) -> None:
        """Give. Raises `Http404` for a refund of another order."""
        if not order.refunds.filter(number=self.kwargs["refund"]).exists():
            raise Http404
        credit_what_failed(refund_number=self.kwargs["refund"])


class OpenHoldView(OrderOperation):
    """Stop the order by hand."""

    permission = "hold_order"
    name = "hold"
    done = _("The order is on hold. Nothing of it leaves until somebody resolves this.")

    def form(self, order: Order) -> KeyedForm:
        """Why, and who decides."""
        return StopForm(self.request.POST, auto_id="stop-%s")

    def act(self, order: Order, form: Form) -> None:
        """Stop."""
        said = form.cleaned_data
        owner_id = self.request.user.pk if said["mine"] else None
        open_hold(number=order.number, reason=said["reason"], kind=said["kind"] or HoldKind.MANUAL, owner_id=owner_id)


class PlanHoldView(OrderOperation):
    """Say who takes care of a hold, and until when."""

    permission = "hold_order"
    name = "plan"
    done = _("It is said who takes care of the hold.")

    def slot(self) -> str:
        """Each hold has a form of its own."""
        return f"plan-{self.kwargs['hold']}"

    def form(self, order: Order) -> KeyedForm:
        """Who and when."""
        if not order.holds.filter(pk=self.kwargs["hold"]).exists():
            raise Http404
        return PlanHoldForm(self.request.POST, hold_id=self.kwargs["hold"], people=team())

    def act(self, order: Order, form: PlanHoldForm) -> None:
        """Plan; "I take care of it" is a button of its own."""
        owner_id = self.request.user.pk if "mine" in self.request.POST else form.owner_id
        plan_hold(hold_id=self.kwargs["hold"], due_at=form.due_at, owner_id=owner_id)


class ResolveHoldView(OrderOperation):
    """Let the order go on."""

    permission = "hold_order"
    name = "resolve"
    done = _("The hold is resolved.")

    def slot(self) -> str:
        """Each hold has a form of its own."""
        return f"resolve-{self.kwargs['hold']}"

    def form(self, order: Order) -> KeyedForm:
        """What was decided."""
        if not order.holds.filter(pk=self.kwargs["hold"]).exists():
            raise Http404
        return ResolveForm(self.request.POST, auto_id=f"hold-{self.kwargs['hold']}-%s")

    def act(self, order: Order, form: Form) -> None:
        """Resolve."""
        resolve_hold(hold_id=self.kwargs["hold"], resolution=form.cleaned_data["resolution"])


class NoteView(OrderOperation):
    """Write into the history."""

    permission = "note_order"
    name = "note"
    done = _("The note is kept.")
    anchor = "timeline"

    def form(self, order: Order) -> KeyedForm:
        """What to write."""
        return NoteForm(self.request.POST, auto_id="note-%s")

    def act(self, order: Order, form: Form) -> None:
        """Write; what is sent can always be read by the customer."""
        said = form.cleaned_data
        if said["by_mail"]:
            write_to_customer(number=order.number, note=said["note"])
        else:
            add_note(number=order.number, note=said["note"], to_customer=bool(said["to_customer"]))


class TagView(OrderOperation):
    """Put a tag on the order, or take one off."""

    permission = "tag_order"
    name = "tag"
    done = _("The tags of the order are changed.")

    def form(self, order: Order) -> KeyedForm:
        """Which one."""
        return TagForm(self.request.POST)

    def act(self, order: Order, form: TagForm) -> None:
        """Put on or take off."""
        said = form.cleaned_data
        if said["off"]:
            untag_order(number=order.number, tag_id=said["off"])
            return
        new = said["new_tag"].strip()
        tag_order(number=order.number, tag_id=make_tag(name=new).pk if new else int(said["tag"]))
