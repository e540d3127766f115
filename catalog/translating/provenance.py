"""Whose words are being written: an action that stores texts asks here what state they get."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from catalog.models import TranslationState

State = TranslationState.State
_state: ContextVar[str] = ContextVar("translation_state", default=State.DRAFT)


def writing_state() -> str:
    """The state of words written now: a draft, unless the source vouches for them."""
    return _state.get()


@contextmanager
def written_as(state: str) -> Iterator[None]:
    """All words written inside are of this state: the seed's are approved, a machine's are a machine's."""
    token = _state.set(State(state))
    try:
        yield
    finally:
        _state.reset(token)
