"""Refusals of the payment world."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from core.errors import DomainError


class UnknownProvider(DomainError):
    """No provider of this name is switched on."""

    code = "UNKNOWN_PROVIDER"
    message = _("This way of paying is not available.")

    def __init__(self, provider: str) -> None:
        self.provider = provider
        super().__init__()


class MethodNotOffered(DomainError):
    """The provider does not take this method, or not in this currency."""

    code = "METHOD_NOT_OFFERED"
    message = _("This way of paying is not available for this order. Choose another one.")


class UnknownPayment(DomainError):
    """There is no payment with this reference."""

    code = "UNKNOWN_PAYMENT"
    message = _("We do not know this payment.")


class NothingToPay(DomainError):
    """The amount is zero or less: there is nothing a provider could take."""

    code = "NOTHING_TO_PAY"
    message = _("There is nothing to pay.")


class AlreadyPaid(DomainError):
    """The order has a payment that took or holds money; another one would charge twice."""

    code = "ALREADY_PAID"
    message = _("This order is already paid.")


class PaymentInProgress(DomainError):
    """Another request is opening a payment for this order at this moment."""

    code = "PAYMENT_IN_PROGRESS"
    message = _("This order is being paid in another window. Reload the page to see how it stands.")


class PaymentKeyReused(DomainError):
    """The idempotency key belongs to a payment or refund with other values."""

    code = "PAYMENT_KEY_REUSED"
    message = _("This request was already made with different details. Reload the page and try again.")


class TooManyAttempts(DomainError):
    """Too many failed attempts: the brake against trying out stolen cards."""

    code = "TOO_MANY_ATTEMPTS"
    message = _("There were too many failed attempts to pay. Wait a few minutes and try again.")

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__()


class ChallengeNeeded(DomainError):
    """Some attempts failed: the shopper waits a moment and types the total again before the next one."""

    code = "CHALLENGE_NEEDED"
    message = _("Some attempts to pay have failed. Type the total of the order again to go on.")


class WayRefused(DomainError):
    """The risk rules refuse this way of paying for this order. The sentence does not say why, so as to teach nobody."""

    code = "WAY_REFUSED"
    message = _("This way of paying is not available for this order. Choose another one.")


class ThresholdsOutOfOrder(DomainError):
    """3-D Secure comes before a hold, and a hold before a refusal."""

    code = "THRESHOLDS_OUT_OF_ORDER"
    message = _("Asking for 3-D Secure has to begin no later than holding, and holding no later than refusing.")


class RuleUnknown(DomainError):
    """There is no such rule."""

    code = "RULE_UNKNOWN"


class ReasonNeeded(DomainError):
    """Whoever decides says why."""

    code = "REASON_NEEDED"
    message = _("Say why.")


class DisputeClosed(DomainError):
    """The dispute has ended."""

    code = "DISPUTE_CLOSED"
    message = _("This dispute has ended. Nothing can be changed any more.")


class ProviderUnreachable(DomainError):
    """The provider did not answer, so what happened there is unknown. The same call may be repeated."""

    code = "PROVIDER_UNREACHABLE"
    message = _("The payment provider did not answer. Nothing is lost: we will find out what happened.")


class ProviderRefused(DomainError):
    """The provider said no. `reason` is its code, for operators only."""

    code = "PROVIDER_REFUSED"
    message = _("The payment provider refused this. Choose another way of paying.")

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__()


class BadWebhook(DomainError):
    """The signature is missing, wrong or too old, or the body is not what the provider sends."""

    code = "BAD_WEBHOOK"
    message = _("This message was not sent by the payment provider.")


class AmountNotAccepted(DomainError):
    """The provider cannot take this amount: its units for the currency are coarser."""

    code = "AMOUNT_NOT_ACCEPTED"
    message = _("This amount cannot be paid this way. Choose another way of paying.")

    def __init__(self, amount: Money) -> None:
        self.amount = amount
        super().__init__()


class RefundTooLarge(DomainError):
    """More would be given back than was taken, counting refunds that are under way."""

    code = "REFUND_TOO_LARGE"
    message = _("This is more than can still be refunded.")

    def __init__(self, wanted: Money, possible: Money) -> None:
        self.wanted, self.possible = wanted, possible
        super().__init__()


class CaptureTooLarge(DomainError):
    """More would be taken than is held for us."""

    code = "CAPTURE_TOO_LARGE"
    message = _("This is more than was authorised.")

    def __init__(self, wanted: Money, possible: Money) -> None:
        self.wanted, self.possible = wanted, possible
        super().__init__()


class LedgerUnbalanced(DomainError):
    """The lines of a posting do not sum to nothing in each currency."""

    code = "LEDGER_UNBALANCED"


class CaseClosed(DomainError):
    """The case is resolved already, or cannot be resolved in this way."""

    code = "CASE_CLOSED"
    message = _("This case cannot be resolved like this.")


class CodeUnknown(DomainError):
    """No gift card has this code, or it is blocked: one answer for both."""

    code = "GIFT_CARD_UNKNOWN"
    message = _("We do not know this code. Check it and type it again.")


class CardUnknown(DomainError):
    """No card of this member that can pay: never kept, removed, or somebody else's. Which of them is not told."""

    code = "SAVED_CARD_UNKNOWN"
    message = _("This card cannot be used. Choose another way to pay.")


class CardExpired(DomainError):
    """The code is right, and its time has run out."""

    code = "GIFT_CARD_EXPIRED"
    message = _("This gift card has expired.")


class CardEmpty(DomainError):
    """The code is right, and everything on it was spent."""

    code = "GIFT_CARD_EMPTY"
    message = _("There is nothing left on this gift card.")


class CardCurrency(DomainError):
    """The code is right, and the card is in another currency than the order."""

    code = "GIFT_CARD_CURRENCY"

    def __init__(self, *, card: str, order: str) -> None:
        self.card, self.order = card, order
        super().__init__(
            _("This gift card is in %(card)s. It cannot pay an order in %(order)s.") % {"card": card, "order": order}
        )


class TooManyCodes(DomainError):
    """Too many codes were tried: the brake against guessing."""

    code = "TOO_MANY_CODES"
    message = _("There were too many wrong codes. Wait an hour and try again.")


class CreditGone(DomainError):
    """What was planned to be taken is not there any more. Nothing was taken."""

    code = "CREDIT_GONE"
    message = _("The balance of a gift card or of your credit has changed. Nothing was ordered or charged.")


class CreditReasonMissing(DomainError):
    """Whoever gives money away says why."""

    code = "CREDIT_REASON_MISSING"
    message = _("Say why.")


class SecondPersonNeeded(DomainError):
    """The one who asked cannot be the one who agrees."""

    code = "SECOND_PERSON_NEEDED"
    message = _("Another person than the one who asked has to agree.")


class GrantDecided(DomainError):
    """Somebody decided about this before."""

    code = "GRANT_DECIDED"
    message = _("This was decided before. Reload the page.")
