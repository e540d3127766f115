"""Refusals of buying."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import DomainError


class NotDraft(DomainError):
    """Only a draft can be written: what a supplier has read is not changed behind their back."""

    code = "PURCHASE_NOT_DRAFT"
    message = _("This order has left already. Cancel what will not come, and order the rest anew.")


class NothingOrdered(DomainError):
    """An order without lines."""

    code = "PURCHASE_EMPTY"
    message = _("Put something on the order first.")


class NotSold(DomainError):
    """The supplier does not have the article."""

    code = "PURCHASE_NOT_SOLD"

    def __init__(self, *, sku: str) -> None:
        self.sku = sku
        super().__init__(_("This supplier does not sell %(sku)s. Add it to their articles first.") % {"sku": sku})


class CurrencyDiffers(DomainError):
    """The article is priced in a currency that is not the order's."""

    code = "PURCHASE_CURRENCY"

    def __init__(self, *, sku: str, currency: str) -> None:
        self.sku, self.currency = sku, currency
        super().__init__(
            _("%(sku)s is priced in %(currency)s. One order is in one currency.") % {"sku": sku, "currency": currency}
        )


class BelowLeast(DomainError):
    """The whole is less than the supplier delivers."""

    code = "PURCHASE_BELOW_LEAST"

    def __init__(self, *, least: str) -> None:
        self.least = least
        super().__init__(_("This supplier takes orders from %(least)s on.") % {"least": least})


class NotComing(DomainError):
    """Nothing of the order is on its way."""

    code = "PURCHASE_NOT_COMING"
    message = _("Nothing of this order is expected: it was not sent yet, or it is over.")


class NothingArrived(DomainError):
    """A delivery without pieces."""

    code = "PURCHASE_NOTHING_ARRIVED"
    message = _("Say how many pieces arrived.")


class FaultMissing(DomainError):
    """Rejected pieces say what is wrong with them."""

    code = "PURCHASE_FAULT_MISSING"
    message = _("Say what is wrong with the pieces you reject.")


class OverDelivery(DomainError):
    """More arrived than was ordered, and the person may not take it."""

    code = "PURCHASE_OVER_DELIVERY"

    def __init__(self, *, sku: str, to_come: int, arrived: int) -> None:
        self.sku, self.to_come, self.arrived = sku, to_come, arrived
        super().__init__(
            ngettext(
                "Only %(count)d piece of %(sku)s is still expected. Reject the rest or ask somebody who may keep it.",
                "Only %(count)d pieces of %(sku)s are still expected. Reject the rest or ask somebody who may keep it.",
                to_come,
            )
            % {"count": to_come, "sku": sku}
        )


class BatchWanted(DomainError):
    """Pieces that are kept in batches arrive with the name of theirs."""

    code = "PURCHASE_BATCH_WANTED"

    def __init__(self, *, sku: str) -> None:
        self.sku = sku
        super().__init__(_("%(sku)s is kept in batches: say which batch arrived.") % {"sku": sku})


class AlreadySettled(DomainError):
    """The difference was settled before."""

    code = "DIFFERENCE_SETTLED"
    message = _("This was settled before.")


class SettlementMissing(DomainError):
    """A difference is settled by an agreement, and the agreement has words."""

    code = "SETTLEMENT_MISSING"
    message = _("Say what was agreed with the supplier.")


class ReasonWanted(DomainError):
    """What is not done says why."""

    code = "REASON_WANTED"
    message = _("Say why.")


class NoSupplier(DomainError):
    """Nobody sells the variant to us."""

    code = "PROPOSAL_NO_SUPPLIER"

    def __init__(self, *, sku: str) -> None:
        self.sku = sku
        super().__init__(_("No supplier is known for %(sku)s. Add it to a supplier's articles first.") % {"sku": sku})


class ProposalDecided(DomainError):
    """Somebody else was faster."""

    code = "PROPOSAL_DECIDED"
    message = _("Somebody has dealt with one of these proposals meanwhile. Nothing was ordered. Look again.")


class FeedUnreadable(DomainError):
    """The message or file of a supplier cannot be understood as a whole."""

    code = "FEED_UNREADABLE"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)
