"""The frame of a verb: permission, the actor's scope in the database, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

from tongke.kernel.actor import Actor, acting

P = ParamSpec("P")
R = TypeVar("R")
_verbs: dict[str, str] = {}
_joined: ContextVar[bool] = ContextVar("tongke_joined", default=False)


@contextmanager
def joined() -> Iterator[None]:
    """Let the verbs inside the block, which is one transaction, stand or fall together: none is undone by itself.

    It saves each verb the two trips of a savepoint; so a refusal must leave the transaction, never be passed over.
    """
    token = _joined.set(True)
    try:
        yield
    finally:
        _joined.reset(token)


def verb(permission: str, *, one_statement: Callable[[], bool] | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a service as a verb that needs ``permission``.

    The wrapped function must take ``by: Actor`` by keyword; it runs in one transaction with the
    actor's scope enforced by the database. Raises ``NotPermitted`` before anything else.
    ``one_statement`` tells, at the time of the call, whether all that the verb writes is one statement of the database:
    that is a transaction by itself, and the two trips that begin and end one are spared.
    """

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        _verbs[f"{function.__module__}.{function.__qualname__}"] = permission

        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            by: Any = kwargs["by"]
            assert isinstance(by, Actor)  # noqa: S101 - a programming error, never an input
            by.require(permission)
            if one_statement is not None and not connection.in_atomic_block and one_statement():
                with acting(by):
                    return function(*args, **kwargs)
            with acting(by), transaction.atomic(savepoint=not _joined.get()):
                return function(*args, **kwargs)

        return run

    return declare


def all_verbs() -> dict[str, str]:
    """Every declared verb with its permission."""
    return dict(sorted(_verbs.items()))
