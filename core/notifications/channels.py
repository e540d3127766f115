"""What a channel is: one way to reach one person. Everything else of a message is the same for all of them.

`MESSAGE_CHANNELS` names one class per channel by dotted path; only those that are ready are offered and written for.
"""

from collections.abc import Mapping
from functools import cache
from typing import ClassVar, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from core.models import Message

EMAIL, SMS, PUSH = "email", "sms", "push"


class ChannelTrouble(Exception):
    """The provider did not answer, or not as it should. The message waits and is tried again."""


class ReceiverTrouble(ChannelTrouble):
    """The same, but only at this receiver's own server: it says nothing about the channel and rests nobody else."""


class Undeliverable(Exception):
    """This message can never arrive: the number does not exist, the server refuses the address. Nobody tries again."""


class NobodyListens(Undeliverable):
    """The browser has taken its agreement back. There is nothing to repair."""


class Channel(Protocol):
    """One way to reach people.

    `rings` says whether it may wake somebody: such messages keep quiet hours when they are not urgent.
    """

    name: ClassVar[str]
    rings: ClassVar[bool]

    def is_ready(self) -> bool:
        """Whether the settings name a provider."""

    def deliver(self, message: Message) -> None:
        """Hand the message over, with no transaction open. Raises `ChannelTrouble`, `Undeliverable`."""


def channels() -> Mapping[str, Channel]:
    """The channels of the settings that are ready, by name."""
    return {name: one for name, one in _installed(tuple(settings.MESSAGE_CHANNELS.items())).items() if one.is_ready()}


@cache
def _installed(named: tuple[tuple[str, str], ...]) -> Mapping[str, Channel]:
    return {name: import_string(path)() for name, path in named}
