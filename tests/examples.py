"""How many examples a property gets where one of them takes a good part of a second."""

from config import env


def examples(few: int, *, at_night: int) -> int:
    """Few in `make test`; all where `ORDER_EXAMPLES` asks the machine of orders for more than it always tries."""
    return at_night if int(env.text("ORDER_EXAMPLES", "0")) > 200 else few
