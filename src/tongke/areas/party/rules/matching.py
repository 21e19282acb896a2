"""Rules of merging and separating."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule


@rule("PTY-60", says=_("A record cannot be merged with itself"), mend=_("Choose two different customers"))
def are_two(*, survivor: UUID, absorbed: UUID) -> bool:
    """A merge is of two records."""
    return survivor != absorbed


@rule("PTY-61", says=_("A person and an organisation cannot be one"), mend=_("Correct the kind of the wrong record first"))
def are_of_one_kind(*, survivor_kind: str, absorbed_kind: str) -> bool:
    """People merge with people, organisations with organisations."""
    return survivor_kind == absorbed_kind


@rule("PTY-62", says=_("The two hold verified documents of the same kind with different numbers ({kinds})"),
      mend=_("End the wrong document first, or decide that these are two different parties"))
def documents_do_not_contradict(*, kinds: str) -> bool:
    """Nobody holds two valid numbers of a kind; ``kinds`` names the kinds that contradict."""
    return not kinds


@rule("PTY-63", says=_("The value of {field} can be taken from one of the two records only"), mend=_("Choose again"), field="chosen")
def choice_is_known(*, field: str, side: str, allowed: Sequence[str]) -> bool:
    """A choice names a field of the record and one of the two sides."""
    return field in allowed and side in ("survivor", "absorbed")


@rule("PTY-64", says=_("A reason is needed"), mend=_("Say in a few words why"), field="reason")
def has_reason(*, reason: str) -> bool:
    """What changes whose data these are is explained."""
    return bool(reason.strip())


@rule("PTY-65", says=_("This merge was undone already"), mend=_("Reload the page"))
def is_in_force(*, undone: bool) -> bool:
    """A merge is undone once."""
    return not undone


@rule("PTY-66", says=_("A later merge stands on this one"), mend=_("Undo the later merges first, newest first: {later}"))
def is_newest(*, later: str) -> bool:
    """Merges that share a party are undone in reverse order; ``later`` names those that come first."""
    return not later


@rule("PTY-67", says=_("A deceased or closed party cannot take over another"), mend=_("Let the other record survive"))
def survivor_is_alive(*, survivor_state: str, absorbed_state: str) -> bool:
    """The survivor is not closed, unless both are."""
    ended = ("deceased", "closed")
    return survivor_state not in ended or absorbed_state in ended
