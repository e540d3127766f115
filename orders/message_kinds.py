"""Everything orders write to their customers, with samples for the preview."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.notifications.channels import EMAIL
from core.notifications.kinds import (
    EVERYWHERE,
    HEADING,
    PROGRESS,
    PROOF,
    TO_KEEP,
    UNHURRIED,
    Kind,
    Label,
    register,
)
from orders.steps import STEPS, Facts
from orders.types import WithdrawalReceipt

NUMBER, OTHER = "M-1042", "M-1043"
LINK = "https://shop.example/de/de/orders/M-1042/sample/"
TODAY = timedelta(hours=14)


def _sample_facts() -> Facts:
    """What an order might know, plainly invented."""
    return Facts(
        number=NUMBER,
        amount="89,00 €",
        until=_("Friday"),
        day=_("Friday"),
        reference="RE-2026-0042",
        carrier="DHL",
        tracking_no="00340434292135100186",
        link_url=f"{LINK}track/",
        goods=[f"2 × {_('Sample product')}"],
        rest=True,
        duty="12,40 €",
    )


def _common() -> dict[str, Any]:
    return {"number": NUMBER, "order_url": LINK, "withdraw_url": f"{LINK}withdraw/", "withdrawal_days": 14}


def _step(name: str) -> Callable[[], Mapping[str, Any]]:
    def sample() -> Mapping[str, Any]:
        return {**_common(), **STEPS[name](_sample_facts()).context()}

    return sample


def _transfer(name: str) -> Callable[[], Mapping[str, Any]]:
    """A step about a bank transfer; the account is the one that examples use everywhere."""

    def sample() -> Mapping[str, Any]:
        account = ((_("Account holder"), "Meridian"), (_("IBAN"), "DE89 3704 0044 0532 0130 00"))
        told = replace(_sample_facts(), reference="RF47 1234 5678 90", received="20,00 €", transfer=account)
        return {**_common(), **STEPS[name](told).context()}

    return sample


def _line() -> dict[str, Any]:
    return {"name": _("Sample product"), "options": "", "quantity": 2, "total": "80,00 €", "contents": []}


def _goods() -> list[str]:
    return [f"2 × {_('Sample product')}"]


def _with(**words: Any) -> Callable[[], Mapping[str, Any]]:
    """A sample with more words; those that are callable are asked in the active language."""

    def sample() -> Mapping[str, Any]:
        return {**_common(), **{name: word() if callable(word) else word for name, word in words.items()}}

    return sample


def _receipt() -> WithdrawalReceipt:
    return WithdrawalReceipt(
        number="W-5",
        order=NUMBER,
        name=_("Sample Buyer"),
        email="buyer@example.com",
        text=_("I withdraw from this contract."),
        goods=(f"1 × {_('Sample product')}",),
        received="2026-11-22 12:00",
        timing=_("In time."),
        is_late=False,
    )


def _step_kind(name: str, title: Label, **more: Any) -> Kind:
    rest: dict[str, Any] = {"template": "step", "channels": EVERYWHERE, "sample": _step(name), **more}
    return Kind(name=name, title=title, **rest)


register(
    Kind(
        name="order_confirmed",
        title=gettext_lazy("Order confirmed"),
        channels=EVERYWHERE,
        sample=_with(
            total="89,00 €",
            lines=lambda: [_line()],
            ticket=lambda: [{"label": _("Items"), "amount": "80,00 €"}, {"label": _("Total"), "amount": "89,00 €"}],
            taxes=list,
            invoice_path="documents/invoice/",
            ship_to=lambda: [_("Sample Street 1"), "10115 Berlin"],
            arrives=lambda: _("Friday"),
            seller="Meridian",
        ),
    ),
    _step_kind("payment_awaited", gettext_lazy("Payment awaited"), sample=_transfer("payment_awaited")),
    _step_kind("transfer_reminder", gettext_lazy("Transfer: reminder"), sample=_transfer("transfer_reminder")),
    _step_kind("transfer_part", gettext_lazy("Transfer: a part is missing"), sample=_transfer("transfer_part")),
    _step_kind("payment_failed", gettext_lazy("Payment failed"), is_urgent=True),
    _step_kind("order_expired", gettext_lazy("Not paid in time")),
    _step_kind("held_for_address", gettext_lazy("Held: address"), is_urgent=True),
    _step_kind("held_for_customs", gettext_lazy("Held: customs")),
    _step_kind("held_for_check", gettext_lazy("Held: being checked")),
    Kind(
        name="order_changed",
        title=gettext_lazy("Order changed"),
        mail_only=TO_KEEP,
        sample=_with(reason="", lines=lambda: [_line()], total="89,00 €", back="9,00 €", was_paid=True, ship_to=list),
    ),
    Kind(
        name="order_change_due",
        title=gettext_lazy("Change to be paid"),
        channels=EVERYWHERE,
        short=HEADING,
        sample=_with(reason="", amount="9,00 €", until=lambda: _("Friday"), pay_url=f"{LINK}pay/"),
    ),
    Kind(
        name="order_change_ended",
        title=gettext_lazy("Change given up"),
        mail_only=TO_KEEP,
        sample=_with(reason="", lines=lambda: [_line()]),
    ),
    Kind(
        name="order_shipped",
        title=gettext_lazy("Parcel sent"),
        channels=EVERYWHERE,
        sample=_with(
            carrier="DHL",
            tracking_no="00340434292135100186",
            tracking_url=f"{LINK}track/",
            arrives=lambda: _("Friday"),
            lines=lambda: [_line()],
        ),
    ),
    _step_kind("parcel_customs", gettext_lazy("Parcel at customs"), topic=PROGRESS),
    _step_kind(
        "parcel_out_for_delivery",
        gettext_lazy("Out for delivery"),
        topic=PROGRESS,
        is_urgent=True,
        useful_for=TODAY,
    ),
    _step_kind("parcel_delivered", gettext_lazy("Parcel delivered"), topic=PROGRESS),
    _step_kind("parcel_delayed", gettext_lazy("Parcel delayed")),
    _step_kind("parcel_eta", gettext_lazy("Parcel on another day"), topic=PROGRESS),
    _step_kind("parcel_waits", gettext_lazy("Parcel not handed over yet"), is_urgent=True),
    _step_kind("parcel_came_back", gettext_lazy("Parcel not delivered")),
    Kind(
        name="order_canceled",
        title=gettext_lazy("Order canceled"),
        channels=EVERYWHERE,
        short=HEADING,
        sample=_with(reason=lambda: _("Out of stock"), was_paid=True),
    ),
    _step_kind("refund_promised", gettext_lazy("Refund promised")),
    Kind(
        name="order_refunded",
        title=gettext_lazy("Refund made"),
        channels=EVERYWHERE,
        short=HEADING,
        sample=_with(amount="9,00 €", reason="", note_path=""),
    ),
    _step_kind("invoice_available", gettext_lazy("Invoice available"), channels=(EMAIL,), mail_only=UNHURRIED),
    Kind(
        name="downloads_ready",
        title=gettext_lazy("Download ready"),
        channels=EVERYWHERE,
        short=HEADING,
        sample=_with(needs_consent=False, downloads=lambda: [{"name": _("Sample product"), "until": _("Friday")}]),
    ),
    Kind(
        name="release_moved",
        title=gettext_lazy("Pre-sale moved"),
        channels=EVERYWHERE,
        short=HEADING,
        sample=_with(name=lambda: _("Sample product"), options="", release_on=lambda: _("Friday")),
    ),
    Kind(
        name="return_news",
        title=gettext_lazy("Step of a return"),
        channels=EVERYWHERE,
        short=HEADING,
        sample=_with(
            return_number="R-7",
            headline=lambda: _("Your return is approved"),
            next=lambda: _("Send the goods to the address below."),
            answer="",
            goods=lambda: [f"1 × {_('Sample product')}"],
            return_to=lambda: [_("Sample Street 1"), "10115 Berlin"],
            send_by=lambda: _("Friday"),
            instructions="",
            wanted=list,
            amount="",
        ),
    ),
    Kind(
        name="ticket_news",
        title=gettext_lazy("Answer about an order"),
        channels=EVERYWHERE,
        short=HEADING,
        sample=_with(ticket="T-3", subject=lambda: _("A question"), body=lambda: _("An answer."), by_customer=False),
    ),
    Kind(
        name="withdrawal_received",
        title=gettext_lazy("Withdrawal received"),
        mail_only=TO_KEEP,
        sample=_with(receipt=_receipt),
    ),
    _step_kind("order_link", gettext_lazy("Link to an order"), channels=(EMAIL,), mail_only=PROOF, is_urgent=True),
    Kind(
        name="order_written",
        title=gettext_lazy("Words of our own about an order"),
        channels=EVERYWHERE,
        short=HEADING,
        sample=_with(written=lambda: _("An answer.")),
    ),
    Kind(
        name="order_split",
        title=gettext_lazy("Order divided"),
        mail_only=UNHURRIED,
        sample=_with(other=OTHER, reason="", goods=_goods),
    ),
    Kind(
        name="order_merged",
        title=gettext_lazy("Orders put together"),
        mail_only=UNHURRIED,
        sample=_with(other=OTHER, reason="", goods=_goods),
    ),
    Kind(
        name="order_reshipped",
        title=gettext_lazy("Goods sent again"),
        channels=EVERYWHERE,
        short=HEADING,
        sample=_with(other=OTHER, reason="", goods=_goods),
    ),
    Kind(
        name="exchange_ordered",
        title=gettext_lazy("Exchange ordered"),
        channels=EVERYWHERE,
        short=HEADING,
        sample=_with(other=OTHER, goods=_goods, total="89,00 €", due="9,00 €", until=lambda: _("Friday")),
    ),
    Kind(
        name="exchange_given_up",
        title=gettext_lazy("Exchange given up"),
        channels=EVERYWHERE,
        short=HEADING,
        sample=_with(return_number="R-7", reason=lambda: _("Out of stock")),
    ),
)
