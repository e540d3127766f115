"""What stands against a quote, as a refusal."""

from cart.types import Quote
from orders.changes.errors import ChangeRefused


def refuse_problems(quote: Quote) -> None:
    """Raises `ChangeRefused` for the first problem that stands against ordering this."""
    names = {line.line_id: line.name for line in quote.lines}
    found = [problem for problem in quote.all_problems if problem.blocking or problem.code == "SOLD_OUT"]
    if found:
        told = found[0]
        name = names.get(told.line_id or 0, "")
        raise ChangeRefused(f"{name}: {told.message}" if name else told.message)
