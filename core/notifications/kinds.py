"""The list of everything the shop writes to people. Each app declares its own in `message_kinds.py`.

A kind says which channels it has words for, which topic it belongs to, whether it may ring at night, and brings
sample words so that it can be looked at without an order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.notifications.channels import EMAIL, PUSH, SMS

Label = str | Promise
NECESSARY, PROGRESS, ASKED = "necessary", "progress", "asked"
EVERYWHERE = (EMAIL, SMS, PUSH)
HEADING = "heading"
"""Files that say by the short channels what the mail has as its heading."""
TO_KEEP = _("Its reader has to be able to keep it as it is.")
PROOF = _("It proves that its reader owns the address.")
SECRET = _("What it says must not show on a locked screen.")
ONLY_ADDRESS = _("We know nothing but the mail address of whoever asked for it.")
UNHURRIED = _("Nothing is to be done, and what is in it does not fit into a few words.")
"""Why a message leaves by mail only."""


@dataclass(frozen=True, kw_only=True)
class Topic:
    """What a person decides about at once. Mail of a necessary topic always leaves: law or contract ask for it."""

    code: str
    title: Label
    hint: Label
    is_necessary: bool = False


TOPICS: Mapping[str, Topic] = {
    one.code: one
    for one in (
        Topic(
            code=NECESSARY,
            title=_("Purchases and account"),
            hint=_("Confirmations, payments, changes, refunds, invoices and security. Mail of these always comes."),
            is_necessary=True,
        ),
        Topic(
            code=PROGRESS,
            title=_("Where parcels are"),
            hint=_("At customs, out for delivery, delivered."),
        ),
        Topic(
            code=ASKED,
            title=_("What you asked us to tell you"),
            hint=_("Back in stock, answers to your questions."),
        ),
    )
}


def _nothing() -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One message. `template` names its files below `templates/emails/`, `short` those below `templates/messages/`
    when they are others. What leaves by mail only says why.

    `sample` gives words for the preview, in the active language. What is not urgent does not ring at night; what is
    not sent `useful_for` its moment is not sent at all.
    """

    name: str
    title: Label
    topic: str = NECESSARY
    template: str = ""
    short: str = ""
    channels: tuple[str, ...] = (EMAIL,)
    mail_only: Label = ""
    is_urgent: bool = False
    useful_for: timedelta | None = None
    sample: Callable[[], Mapping[str, Any]] = field(default=_nothing)

    @property
    def files(self) -> str:
        """The name of its files."""
        return self.template or self.name

    @property
    def short_files(self) -> str:
        """The name of its files for text messages and push."""
        return self.short or self.files


_kinds: dict[str, Kind] = {}
_read: set[str] = set()


def register(*declared: Kind) -> None:
    """Add what an app writes. Raises `RuntimeError` when a name is taken or a topic does not exist."""
    for one in declared:
        if _kinds.get(one.name, one) != one:
            raise RuntimeError(f"two messages are called {one.name}")
        if one.topic not in TOPICS:
            raise RuntimeError(f"{one.name} belongs to no topic")
        _kinds[one.name] = one


def kinds() -> Mapping[str, Kind]:
    """All of them by name, in the order in which apps declare them."""
    for app in settings.OUR_APPS:
        module = f"{app}.message_kinds"
        if module not in _read and find_spec(module):
            import_module(module)
        _read.add(module)
    return _kinds


def kind_of(name: str) -> Kind:
    """The declared message; one that nobody declared is necessary mail without samples."""
    return kinds().get(name) or Kind(name=name, title=name)
