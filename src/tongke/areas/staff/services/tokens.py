"""Tokens of machine clients: a client shows its secret and is given a token for a while.

Failed tries count per client id and address, never per client id alone: whoever guesses at a client from elsewhere slows
himself, not the client.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from tongke.areas.staff.errors import ClientHoldsNothing, ClientRefused, ScopeRefused
from tongke.areas.staff.policy import figure
from tongke.areas.staff.queries.clients import inet, token_hash
from tongke.areas.staff.services.attempts import Source, account_index, note_failure, require_calm
from tongke.areas.staff.sessions import session_hash
from tongke.kernel.actor import Actor, acting, system_actor

TOKEN_SIGN = "tkt_"  # noqa: S105 - a sign by which a leaked token is recognised, no token
SECRET_SIGN = "tks_"  # noqa: S105 - a sign by which a leaked secret is recognised, no secret
SECRET_LENGTH_MAX = 200
SCOPE_WORDS_MAX = 100


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A fresh token, shown this once; ``permissions`` are what it carries."""

    token: str
    seconds: int
    permissions: tuple[str, ...]


def secret_digest(secret: str) -> str:
    """Return what the table holds in place of a secret. Secrets are 256 random bits made here, never chosen by people:
    guessing them is hopeless at any speed, so a plain SHA-256 keeps them as safe as a slow hash would, without letting
    anybody make this house work hard by asking for tokens.
    """
    return session_hash(secret)


def new_secret() -> str:
    """Return a fresh secret."""
    return SECRET_SIGN + secrets.token_urlsafe(32)


def identify_client(*, client_id: str, secret: str, source: Source, by: Actor, at: datetime) -> UUID:
    """Return the id of the client whose secret this is; ``by`` is the system actor of the token endpoint.

    Raises ``ClientRefused`` (never telling what was wrong) and ``TooManyTries`` after too many failures from one place.
    """
    account = account_index(f"client:{client_id[:SECRET_LENGTH_MAX]}")
    with acting(by):
        require_calm(account=account, source=source, kind="token:", at=at)
        found = _proven(client_id, secret, source, at)
        if found is None:
            note_failure(account=account, source=source, kind="token:", at=at)
            raise ClientRefused
        return found


def _proven(client_id: str, secret: str, source: Source, at: datetime) -> UUID | None:
    try:
        wanted = UUID(client_id)
    except ValueError:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT tongke_client_digests(%s, %s, %s::inet)", [wanted, at, inet(source.address)])
        (digests,) = cursor.fetchone()
    shown = secret_digest(secret[:SECRET_LENGTH_MAX].encode("utf-8", "replace").decode())
    fits = [hmac.compare_digest(digest, shown) for digest in digests or ()]
    return wanted if any(fits) else None


def issue_token(*, client_id: UUID, scope: str = "", by: Actor, at: datetime) -> IssuedToken:
    """Make a token for a client whose secret was checked, narrowed to the words of ``scope`` (none: all it holds).

    Raises ``ScopeRefused`` for words that name nothing the client holds, ``ClientHoldsNothing``.
    """
    words = sorted(set(scope.split()))
    if len(words) > SCOPE_WORDS_MAX or "\x00" in scope:
        raise ScopeRefused(words="")
    token = TOKEN_SIGN + secrets.token_urlsafe(32)
    with acting(by), transaction.atomic(), connection.cursor() as cursor:
        seconds = int(figure("token_seconds", at=at))
        cursor.execute(
            "SELECT permissions, unfit FROM tongke_token_issue(%s, %s, %s::text[], %s, %s)",
            [token_hash(token), client_id, words, at, at + timedelta(seconds=seconds)],
        )
        permissions, unfit = cursor.fetchone()
        if unfit:
            raise ScopeRefused(words=" ".join(unfit))
        if not permissions:
            raise ClientHoldsNothing
    return IssuedToken(token, seconds, tuple(permissions))


def revoke_token(*, client_id: UUID, token: str, by: Actor, at: datetime) -> bool:
    """Take a token of this client back, at once everywhere; tells whether it was alive. Another client's stays."""
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT tongke_token_revoke(%s, %s, %s)", [client_id, token_hash(token), at])
        return bool(cursor.fetchone()[0])


def revoke_tokens_of(client_id: UUID, *, at: datetime) -> int:
    """Take every token of a client back, from inside another verb of this room; return how many."""
    with acting(system_actor("staff.tokens")), connection.cursor() as cursor:
        cursor.execute("SELECT tongke_token_revoke(%s, NULL, %s)", [client_id, at])
        return int(cursor.fetchone()[0])
