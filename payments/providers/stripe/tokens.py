"""The address of the embedded payment page: a signed text, so that nobody can lead a shopper elsewhere with it."""

from dataclasses import asdict, dataclass

from core.signing import make_token, read_token

PURPOSE = "payments.stripe_element"
GOOD_FOR = 24 * 60 * 60


@dataclass(frozen=True)
class ElementWanted:
    """Which payment is to be finished on the page, and where the shopper goes afterwards."""

    intent: str
    return_url: str
    cancel_url: str
    market: str
    language: str


def element_token(wanted: ElementWanted) -> str:
    """The token for the page's address."""
    return make_token(PURPOSE, asdict(wanted))


def read_element_token(token: str) -> ElementWanted:
    """What the token stands for. Raises `django.core.signing.BadSignature`."""
    return ElementWanted(**read_token(PURPOSE, token, max_age=GOOD_FOR))
