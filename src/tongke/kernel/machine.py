"""Life cycles as tables: only ``Machine.move`` changes a state, and it writes the history row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongke.kernel.actor import Actor
from tongke.kernel.errors import Refused
from tongke.kernel.models import StateChange

_machines: dict[str, Machine] = {}


class IllegalMove(Refused):
    """The life cycle has no such move from the state the record is in."""

    code = "GEN-03"
    says = _("“{verb}” is not possible in the state “{state}”")
    mend = _("Possible now: {possible}")
    status = 409


class Machine:
    """A life cycle: ``moves`` maps a verb to (states it starts from, state it ends in), ``words`` to what people call it."""

    def __init__(
        self, name: str, states: Any, *, initial: str, moves: Mapping[str, tuple[Sequence[str], str]], field: str = "state",
        words: Mapping[str, Any] | None = None,
    ) -> None:
        if name in _machines:
            raise ValueError(f"machine {name} is declared twice")
        self.name, self.states, self.initial, self.moves, self.field, self.words = name, states, initial, dict(moves), field, dict(words or {})
        _machines[name] = self

    def possible(self, state: str) -> list[str]:
        """The verbs that may be called in ``state``."""
        return [verb for verb, (starts, _end) in self.moves.items() if state in starts]

    def word(self, verb: str) -> Any:
        """What people call a move; one without a word of its own is told as it is written."""
        return self.words.get(verb, verb.replace("_", " "))

    def refusal(self, verb: str, state: str, *, field: str = "") -> IllegalMove:
        """Return what says in words that a move is not possible in ``state``, and which are; ``field`` names the input to blame."""
        possible = gettext(", ").join(dict.fromkeys(str(self.word(one)) for one in self.possible(state))) or "-"  # several moves may share a word
        return IllegalMove(verb=self.word(verb), state=dict(self.states.choices).get(state, state), possible=possible, field=field)

    def move(self, record: Any, verb: str, *, by: Actor, at: datetime, reason: str = "") -> None:
        """Move ``record`` (locked by the caller) and write the history row; raises ``IllegalMove``.

        The update names the state it starts from, so that a lost race changes nothing.
        """
        starts, end = self.moves[verb]
        state = getattr(record, self.field)
        if state not in starts:
            raise self.refusal(verb, state)
        changed = type(record).objects.filter(pk=record.pk, **{self.field: state}).update(**{self.field: end})
        if not changed:
            raise self.refusal(verb, type(record).objects.filter(pk=record.pk).values_list(self.field, flat=True).first() or "?")
        setattr(record, self.field, end)
        StateChange.objects.create(
            machine=self.name, subject_id=getattr(record, "id", record.pk), verb=verb, from_state=state, to_state=end,
            reason=reason, actor=by.name, at=at,
        )


def all_machines() -> list[Machine]:
    """Every declared life cycle, by name."""
    return [_machines[name] for name in sorted(_machines)]
