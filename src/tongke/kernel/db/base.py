"""PostgreSQL as Django knows it, plus: the current actor's scope is on the connection before any query.

The settings are applied lazily, with the first query after the actor changed, and are forgotten
whenever the server may have dropped them (new connection, rollback of any kind). Forgetting is
always safe: it costs one more round trip. A connection on which no actor stands sees no scoped row.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from psycopg import ServerCursor

from tongke.kernel.actor import current_actor

NEVER_UNASKED = 2**31
ENTER = "SELECT tongke_enter(%s, %s, %s, %s)"


class DatabaseWrapper(base.DatabaseWrapper):
    """The database backend of the house; ``applied`` is the actor whose settings the server holds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applied: tuple[str, ...] | None = None
        self._controlling = False
        self.scoped = bool(self.settings_dict.get("SCOPED", True))
        if self.scoped:
            self.execute_wrappers.append(self._with_scope)

    def _with_scope(self, execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001 - Django's own signature
        wanted = current_actor().database_settings
        if wanted != self.applied and not self._controlling:
            raw = context["cursor"].cursor
            with self.wrap_database_errors:  # a lost connection must count as Django's own error, or it is never replaced
                # A cursor of the server only declares what it is given: the settings need a plain one.
                if isinstance(raw, ServerCursor):
                    with self.connection.cursor() as plain:
                        plain.execute(ENTER, wanted)
                else:
                    raw.execute(ENTER, wanted)
            self.applied = wanted
        return execute(sql, params, many, context)

    def apply_scope(self) -> None:
        """Put the current actor's settings on the connection now, for COPY and other raw work."""
        wanted = current_actor().database_settings
        if self.scoped and wanted != self.applied:
            with self.cursor() as cursor:
                cursor.execute("SELECT 1")

    def assume_entered(self, settings: tuple[str, ...]) -> None:
        """Note that a statement just ran ``tongke_enter`` itself with ``settings``."""
        self.applied = settings

    def connect(self) -> None:
        """Connect; nobody stands on a new connection."""
        self.applied = None
        super().connect()
        # Django switches the driver's preparing off altogether; here it prepares where it is asked to, and only there.
        self.connection.prepare_threshold = NEVER_UNASKED

    def _rollback(self) -> Any:
        self.applied = None
        return super()._rollback()  # type: ignore[misc]  # the stubs leave it out

    def _savepoint_rollback(self, sid: str) -> None:
        # In a failed transaction the server takes no other statement before this one.
        self._controlling = True
        try:
            super()._savepoint_rollback(sid)  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._controlling = False
            self.applied = None

    def close(self) -> None:
        """Close, or give back to the pool."""
        self.applied = None
        super().close()
