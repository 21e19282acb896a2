"""Where this installation keeps its data, and its secrets: made on first use, never in the repository."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import tempfile
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import platformdirs
import tomli_w

SOCKET_PATH_BYTES_MAX = 107


@dataclass(frozen=True, slots=True)
class Secrets:
    """Keys of this installation. ``field_keys`` is newest first: the first encrypts, all decrypt."""

    django: str
    field_keys: tuple[bytes, ...]
    index_key: bytes
    anchor_key: bytes


def data_dir() -> Path:
    """Return the data directory: ``TONGKE_DATA`` or the user's own data folder."""
    named = os.environ.get("TONGKE_DATA")
    return Path(named).expanduser().resolve() if named else Path(platformdirs.user_data_dir("tongke"))


def socket_dir() -> Path:
    """Return the folder of the embedded PostgreSQL's socket: beside its files where the path is short enough.

    The kernel allows 107 bytes for a socket's path; a longer one lies in the temporary folder under
    a name derived from the data directory, so that every process finds the same.
    """
    beside = data_dir() / "pg"
    if len(os.fsencode(beside / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_BYTES_MAX:
        return beside
    short = hashlib.sha256(os.fsencode(beside)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"tongke-{short}"


def embedded_url(user: str, database: str = "tongke") -> str:
    """Return the URL of the embedded PostgreSQL for one of its roles: ``postgres`` or ``tongke_app``."""
    return f"postgresql://{user}@/{quote(database)}?host={quote(str(socket_dir()), safe='/')}"


def secrets_file() -> Path:
    """Return where the secrets are kept: ``TONGKE_SECRETS`` or ``<data>/secrets.toml``."""
    named = os.environ.get("TONGKE_SECRETS")
    return Path(named) if named else data_dir() / "secrets.toml"


def read_secrets(path: Path) -> Secrets:
    """Return the secrets in ``path``, made there first where the file is missing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {
            "django": secrets.token_urlsafe(50),
            "field_keys": [base64.b64encode(secrets.token_bytes(32)).decode()],
            "index_key": base64.b64encode(secrets.token_bytes(32)).decode(),
            "anchor_key": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        fresh = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(tomli_w.dumps(made))
        with suppress(FileExistsError):  # two first starts at once: one wins, both read the winner's
            os.link(fresh, path)
        fresh.unlink()
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return Secrets(
        django=found["django"],
        field_keys=tuple(base64.b64decode(k) for k in found["field_keys"]),
        index_key=base64.b64decode(found["index_key"]),
        anchor_key=base64.b64decode(found["anchor_key"]),
    )


@lru_cache(maxsize=4)
def _held(path: Path) -> Secrets:
    return read_secrets(path)


def installation_secrets() -> Secrets:
    """Return the secrets of this installation; read once a process."""
    return _held(secrets_file())
