"""Ask for the links to one's orders. Whoever asks learns nothing; whoever owns the address gets mail."""

from django.db import transaction

from core.events import publish
from orders.actions.placing import email_hash
from orders.events import LinksWanted


def ask_for_links(*, email: str) -> None:
    """Note that somebody asked. Whether there are orders is looked up later: the answer takes the same time always.

    The address itself is not kept: links go to the address each order was placed with.
    """
    with transaction.atomic():
        publish(LinksWanted(email_hash=email_hash(email)))
