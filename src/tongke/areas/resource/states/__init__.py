"""Enums and life cycles of the resource room, by noun."""

from tongke.areas.resource.states.numbers import (
    AMONG_OTHERS,
    NUMBER,
    ORDINARY,
    BlockSource,
    CommitmentState,
    HoldState,
    NumberKind,
    NumberState,
    PatternKind,
    ScheduleState,
)

__all__ = [
    "AMONG_OTHERS", "NUMBER", "ORDINARY", "BlockSource", "CommitmentState", "HoldState", "NumberKind", "NumberState", "PatternKind", "ScheduleState",
]
