"""Files that came through the page: kept readable by the service only, until they are too old."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from tongke.exchange.errors import UploadGone
from tongke.exchange.files import drop_folder, exchange_folder
from tongke.exchange.mapping import LoadedMapping, load_mapping
from tongke.kernel.actor import Actor
from tongke.kernel.ids import uuid7

DAYS_KEPT = 30
NAME_MAX = 120


class Upload(Protocol):
    """A file as the web server gives it."""

    name: str

    def chunks(self) -> Iterable[bytes]:
        """Yield its bytes."""


@dataclass(frozen=True, slots=True)
class KeptUpload:
    """Uploaded files with the mapping, source and organisation that were chosen for them."""

    id: UUID
    files: dict[str, Path]
    mapping: LoadedMapping
    source: str
    org_id: int | None

    @property
    def given(self) -> list[Path]:
        """The files in the order in which they came."""
        return list(self.files.values())


def safe_name(name: str) -> str:
    """Return a file name that is one, whatever the browser sent."""
    return re.sub(r"[^\w.\-() ]", "_", Path(name.replace("\\", "/")).name)[-NAME_MAX:].lstrip(".") or "file"


def keep_upload(
    *, files: Sequence[Upload], mapping_name: str, mapping_text: str | None, source: str, org_id: int | None, by: Actor
) -> UUID:
    """Keep uploaded files and what was chosen for them; returns the id under which they are found again.

    The mapping is read first: a wrong one raises ``MappingWrong`` before anything is kept.
    """
    by.require("party.import")
    loaded = load_mapping(mapping_name, text=mapping_text)
    upload_id = uuid7()
    folder = exchange_folder() / "uploads" / str(upload_id)
    folder.mkdir(parents=True, mode=0o700)
    names = []
    for number, file in enumerate(files):
        name = f"{number:02d}-{safe_name(file.name)}"
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for block in file.chunks():
                out.write(block)
        names.append(name)
    facts = {"mapping_file": loaded.file, "mapping": loaded.text, "source": source, "org_id": org_id, "names": names,
             "owner": str(by.staff_id or by.name)}
    with os.fdopen(os.open(folder / "upload.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(facts, out)
    return upload_id


def kept_upload(upload_id: UUID, *, by: Actor) -> KeptUpload:
    """Return an upload of the actor's own; raises ``UploadGone``."""
    by.require("party.import")
    folder = exchange_folder() / "uploads" / str(upload_id)
    try:
        facts: dict[str, Any] = json.loads((folder / "upload.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UploadGone from None
    if facts["owner"] != str(by.staff_id or by.name):
        raise UploadGone
    loaded = load_mapping(facts["mapping_file"], text=facts["mapping"])
    return KeptUpload(upload_id, {name[3:]: folder / name for name in facts["names"]}, loaded, facts["source"], facts["org_id"])


def purge_uploads(*, at: datetime) -> int:
    """Remove uploads older than ``DAYS_KEPT`` days; returns how many. An import is resumed within that time or started anew."""
    base = exchange_folder() / "uploads"
    limit = (at - timedelta(days=DAYS_KEPT)).timestamp()
    old = [folder for folder in base.iterdir() if folder.stat().st_mtime < limit] if base.is_dir() else []
    for folder in old:
        drop_folder(folder)
    return len(old)
