"""Figures of the room's policy: dated, changed by an administrator, with the default that holds until then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.areas.staff.models import PolicyFigure


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``least`` and ``most`` bound whole numbers; a list holds permission codes."""

    code: str
    default: Any
    label: Any
    least: int = 0
    most: int = 0

    def fits(self, value: Any) -> bool:
        """Tell whether ``value`` is of the figure's kind and within its bounds."""
        if isinstance(self.default, list):
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        return isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most


FIGURES = {figure.code: figure for figure in (
    Figure("session_idle_minutes", 30, _("Minutes without a request after which a session ends"), 1, 24 * 60),
    Figure("session_hours_max", 12, _("Hours after which a session ends in any case"), 1, 24 * 7),
    Figure("password_length_min", 10, _("Least number of characters in a password"), 8, 64),
    Figure("attempts_free", 5, _("Failed tries of one browser at one account before it has to wait"), 1, 100),
    Figure("attempt_wait_seconds_base", 5, _("First wait in seconds; doubled with every further failure"), 1, 3600),
    Figure("attempt_wait_seconds_max", 900, _("Longest wait in seconds"), 1, 24 * 3600),
    Figure("attempt_window_minutes", 60, _("Minutes for which failed tries are remembered"), 1, 24 * 60),
    Figure("source_attempts_free", 100, _("Failed tries from one address at all accounts before new browsers there have to wait"), 5, 100000),
    Figure("code_attempts_free", 20, _("Failed second-factor codes of one account before it has to wait"), 3, 1000),
    Figure("token_seconds", 3600, _("Seconds for which a machine client's token holds"), 60, 24 * 3600),
    Figure("secret_overlap_hours", 24, _("Hours for which a machine client's old secret still holds after a new one was made"), 0, 24 * 90),
    Figure("client_per_minute", 6000, _("Requests a minute of a machine client for which nothing else was agreed; 0 for no limit"), 0, 10_000_000),
    Figure("approval_hours_valid", 72, _("Hours for which a request for approval stands"), 1, 24 * 90),
    Figure("assistant_days_max", 90, _("Longest life in days of a key for an assistant; 0 allows none"), 0, 90),
    Figure("assistant_calls_a_minute", 120, _("Calls that one key for an assistant may make in a minute"), 1, 10000),
    Figure("second_factor_permissions", [], _("Permissions whose holders must use a second factor")),
)}


def figure(code: str, *, at: datetime) -> Any:
    """Return the value of the figure ``code`` that holds at ``at``."""
    found = PolicyFigure.objects.filter(code=code, valid_from__lte=at).order_by("-valid_from").values_list("value", flat=True).first()
    return FIGURES[code].default if found is None else found


def figures(*, at: datetime) -> dict[str, Any]:
    """Return every figure that holds at ``at``, in one query."""
    rows = PolicyFigure.objects.filter(valid_from__lte=at).order_by("code", "-valid_from").distinct("code")
    return {code: figure.default for code, figure in FIGURES.items()} | {row.code: row.value for row in rows if row.code in FIGURES}
