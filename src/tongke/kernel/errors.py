"""Named refusals: what was wrong, what mends it, and the code that stands for both everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A verb said no. ``code``, ``says`` and ``mend`` reach the user; ``status`` the HTTP channels.

    Subclasses set the class attributes; keyword arguments fill the placeholders of the sentences.
    ``field`` names the input that is to blame, where there is one.
    """

    code: ClassVar[str] = "GEN-00"
    says: ClassVar[Any] = _("This is not possible")
    mend: ClassVar[Any] = ""
    status: ClassVar[int] = 409

    def __init__(self, *, field: str = "", **values: Any) -> None:
        self.values = values
        self.field = field
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """What was wrong, in the active language."""
        return str(self.says).format(**self.values)

    @property
    def advice(self) -> str:
        """What to do about it, in the active language; may be empty."""
        return str(self.mend).format(**self.values)


class NotFound(Refused):
    """No such row within the actor's scope: what others own looks the same as what is absent."""

    code = "GEN-04"
    says = _("Nothing with this key was found in your area of responsibility")
    mend = _("Check the number, or ask a colleague of the responsible local network")
    status = 404


class Invalid(Refused):
    """One input value cannot be taken as it is."""

    code = "GEN-01"
    says = _("{what}: the value cannot be used")
    mend = _("Correct the value and try again")
    status = 400


class Conflict(Refused):
    """Somebody changed the row since the user read it."""

    code = "GEN-09"
    says = _("The record was changed by someone else meanwhile")
    mend = _("Reload the page, look at the new state and repeat your change")
    status = 409


class RulesBroken(Refused):
    """One or more business rules are broken; all of them are listed in ``broken``."""

    code = "GEN-02"
    says = _("{count} rule(s) stand against this: {codes}")
    status = 422

    def __init__(self, broken: Sequence[Any]) -> None:
        self.broken = tuple(broken)
        super().__init__(count=len(self.broken), codes=", ".join(b.code for b in self.broken))

    @property
    def message(self) -> str:
        """Every broken rule's sentence, one after the other."""
        return "; ".join(f"{b.code} {b.message}" for b in self.broken)

    @property
    def advice(self) -> str:
        """Every broken rule's mend."""
        return "; ".join(b.advice for b in self.broken if b.advice)
