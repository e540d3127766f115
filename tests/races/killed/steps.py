"""The steps of placing, paying and refunding by name, and how a program is made to stand still at one of them.

A trigger stands at the row that a step writes. While the test holds the step's advisory lock, whoever writes that row
waits inside the transaction, just before its commit; nothing in the shop knows of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model

from core.models import Message
from orders.models import Document, Order, OrderReceipt, OrderRefund
from payments.models import LedgerTxn, Payment, PaymentEvent, Refund, SandboxCharge, SandboxMovement

BOTH = frozenset({"web", "worker"})
WEB, WORKER = frozenset({"web"}), frozenset({"worker"})
SPACE = 20_407
"""The first half of the advisory locks' keys; the second is the number of the step."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """`name` is what happens; `programs` may stand there; `when` tells the row from others of the table."""

    name: str
    programs: frozenset[str]
    model: type[Model]
    verb: str = "INSERT"
    when: str = "TRUE"


STEPS = (
    Step(name="the order is written", programs=WEB, model=Order),
    Step(name="the payment is opened", programs=WEB, model=Payment),
    Step(name="the provider begins a charge", programs=WEB, model=SandboxCharge),
    Step(
        name="the provider's name of it is kept",
        programs=WEB,
        model=Payment,
        verb="UPDATE",
        when="OLD.provider_ref = '' AND NEW.provider_ref <> ''",
    ),
    Step(name="the provider takes the money", programs=WEB, model=SandboxMovement, when="NEW.kind = 'capture'"),
    Step(name="the payment is settled", programs=BOTH, model=LedgerTxn, when="NEW.kind = 'capture'"),
    Step(name="the provider's message is kept", programs=WORKER, model=PaymentEvent),
    Step(name="the money is booked to the order", programs=BOTH, model=OrderReceipt),
    Step(
        name="the order is confirmed",
        programs=BOTH,
        model=Order,
        verb="UPDATE",
        when="OLD.lifecycle <> 'confirmed' AND NEW.lifecycle = 'confirmed'",
    ),
    Step(name="the invoice is numbered", programs=WORKER, model=Document, when="NEW.kind = 'invoice'"),
    Step(
        name="a mail was taken and is marked as sent",
        programs=WORKER,
        model=Message,
        verb="UPDATE",
        when="OLD.state <> 'sent' AND NEW.state = 'sent'",
    ),
    Step(name="the refund is promised", programs=WEB, model=OrderRefund),
    Step(name="the refund is handed to payments", programs=WORKER, model=Refund),
    Step(
        name="the refund is claimed",
        programs=WORKER,
        model=Refund,
        verb="UPDATE",
        when="OLD.state <> 'submitted' AND NEW.state = 'submitted'",
    ),
    Step(name="the provider gives the money back", programs=WORKER, model=SandboxMovement, when="NEW.kind = 'refund'"),
    Step(name="the refund is settled", programs=WORKER, model=LedgerTxn, when="NEW.kind = 'refund'"),
    Step(
        name="the refund is done",
        programs=WORKER,
        model=OrderRefund,
        verb="UPDATE",
        when="OLD.state <> 'succeeded' AND NEW.state = 'succeeded'",
    ),
)


@contextmanager
def stands() -> Iterator[None]:
    """While inside, every step has a place where a program can be made to wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" PERFORM pg_advisory_xact_lock_shared({SPACE}, TG_ARGV[0]::int); RETURN NULL; END $$"
        )
        for number, step in enumerate(STEPS):
            cursor.execute(
                f"CREATE TRIGGER zz_stand_{number} AFTER {step.verb} ON {step.model._meta.db_table}"
                f" FOR EACH ROW WHEN ({step.when}) EXECUTE FUNCTION stand_still('{number}')"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION stand_still() CASCADE")


def hold(cursor: Any, step: Step) -> None:
    """From now on whoever comes to the step waits there."""
    cursor.execute("SELECT pg_advisory_lock(%s, %s)", [SPACE, STEPS.index(step)])


def let_go(cursor: Any, step: Step) -> None:
    """Nobody waits there any more."""
    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SPACE, STEPS.index(step)])


def who_stands(cursor: Any, step: Step) -> tuple[int, str] | None:
    """The session that waits at the step, and the program it belongs to."""
    cursor.execute(
        "SELECT a.pid, a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
        " WHERE l.locktype = 'advisory' AND NOT l.granted AND l.classid = %s AND l.objid = %s"
        " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        [SPACE, STEPS.index(step)],
    )
    return cursor.fetchone()


def end(cursor: Any, session: int) -> None:
    """What it was about to do is not done, even where it needs no commit of its own."""
    cursor.execute("SELECT pg_terminate_backend(%s)", [session])


def is_there(cursor: Any, session: int) -> bool:
    """Whether the session is still alive."""
    cursor.execute("SELECT pg_stat_clear_snapshot(), count(*) FROM pg_stat_activity WHERE pid = %s", [session])
    return bool(cursor.fetchone()[1])
