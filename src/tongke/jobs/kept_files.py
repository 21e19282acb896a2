"""Uploaded files for the worker: kept where only the service reads them, worked through with those rights of their asker that the work needs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from tongke.kernel.actor import Actor
from tongke.kernel.ids import uuid7

KINDS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")


class Upload(Protocol):
    """A file as the web server gives it."""

    name: str

    def chunks(self) -> Iterable[bytes]:
        """Yield its bytes."""


def kept_upload(file: Upload, word: str) -> Path:
    """Write an upload where only the service reads it; old ones are purged with the imports'."""
    from tongke.exchange.files import exchange_folder  # noqa: PLC0415 - pyarrow and duckdb only where they are needed

    ending = Path(file.name).suffix.lower()
    folder = exchange_folder() / "uploads" / str(uuid7())
    folder.mkdir(parents=True, mode=0o700)
    path = folder / f"{word}{ending if ending in KINDS else '.csv'}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for block in file.chunks():
            out.write(block)
    return path


def asker_words(by: Actor, rights: Sequence[str]) -> dict[str, Any]:
    """Return whoever asks, with those of ``rights`` that he has, as a task's words; ``asker_of`` reads them."""
    return {
        "name": by.name, "staff_id": str(by.staff_id) if by.staff_id else None, "scope": None if by.scope is None else list(by.scope),
        "rights": [right for right in rights if by.may(right)], "zone": by.zone,
    }


def asker_of(*, name: str, staff_id: str | None, scope: list[int] | None, rights: list[str], zone: str) -> Actor:
    """Return the actor that a file is worked through as."""
    return Actor(name=name, kind="system", staff_id=UUID(staff_id) if staff_id else None, scope=None if scope is None else tuple(scope), permissions=frozenset(rights), zone=zone)
