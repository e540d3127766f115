"""A world that all tests of a module share: built once, and given to each of them as it was built.

    @shared_world
    def order() -> Order:
        return delivered_order(open_shop())

Making a paid order takes hundreds of statements; a module that begins each test with the same one makes it once. It
lies in a transaction around the module, and the transaction every test has of its own becomes a savepoint in it. So:

- Every test of the module finds these rows, whether it asks for them or not, in whatever order the tests run.
- A test gets copies of the objects. What it changes, in them or in the database, the next one does not see.
- Nothing that was cached, mailed or left for after the commit while building reaches a test.
- For the database, now (`Now()`, `CURRENT_TIMESTAMP`) is the moment before the world was built.

A module that builds under its own clock, counts from an empty table, or needs rows others can see
(`django_db(transaction=True)`) makes its worlds in ordinary fixtures.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

import pytest
from django.core import mail
from django.db import connection
from django.test import TestCase

from catalog.listing import index
from tests import isolation

T = TypeVar("T")
P = ParamSpec("P")
_builders: dict[str, Callable[..., Any]] = {}
_worlds: dict[str, Any] = {}
_handed_out: dict[str, int] = {}
"""In which test a module's world was last asked for by `kept`."""


def shared_world(build: Callable[[], T]) -> Callable[..., T]:
    """A fixture of the name of `build`, with what it made. A module has one."""
    _belongs_to(build.__module__, build)

    @pytest.fixture(name=build.__name__)
    def as_built(db: None, world_of_module: T) -> T:
        return copy.deepcopy(world_of_module)

    return as_built


def kept(build: Callable[P, T]) -> Callable[P, T]:
    """The same for a function that tests call by themselves.

    Without arguments, and for the first time in a test, it hands out what the module's world holds; else it builds,
    beside that world.
    """
    module = build.__module__
    _belongs_to(module, build)

    @functools.wraps(build)
    def as_built(*args: P.args, **kwargs: P.kwargs) -> T:
        test = isolation.number_of_test()
        if args or kwargs or module not in _worlds or _handed_out.get(module) == test:
            return build(*args, **kwargs)
        _handed_out[module] = test
        return copy.deepcopy(_worlds[module])

    return as_built


def _belongs_to(module: str, build: Callable[..., Any]) -> None:
    if module in _builders and _builders[module].__name__ != build.__name__:
        raise TypeError(f"{module} has a world already: {_builders[module].__name__}.")
    _builders[module] = build


def builder_of(module: str) -> Callable[..., Any] | None:
    """What makes the world of this module, if it shares one."""
    return _builders.get(module)


@contextmanager
def built(build: Callable[..., T]) -> Iterator[T]:
    """The world, until it is taken back. Tests are to nest their transactions within."""
    isolation.next_test()
    index.forget()
    around = TestCase._enter_atomics()  # the way pytest-django enters a test's own
    try:
        world = build()
        connection.run_on_commit.clear()
        mail.outbox = []
        _worlds[build.__module__] = world
        yield world
    finally:
        _worlds.pop(build.__module__, None)
        TestCase._rollback_atomics(around)
