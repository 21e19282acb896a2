"""Facts that the resource room announces, by noun."""

from tongke.areas.resource.events.numbers import (
    CommitmentPassedOn,
    NumberAssigned,
    NumberBlockRecorded,
    NumberCameBack,
    NumberCooling,
    NumberFreed,
    NumberHeld,
    NumberHoldEnded,
    NumberHoldExtended,
    NumberKept,
    NumberPoolRanLow,
    NumberPoolRecovered,
    NumberPortedIn,
    NumberPortedOut,
    NumberRangeAllotted,
    NumberRangeGiven,
    NumberReleased,
    NumberResumed,
    NumberReturned,
    NumbersRegraded,
    NumberSuspended,
)

__all__ = [
    "CommitmentPassedOn", "NumberAssigned", "NumberBlockRecorded", "NumberCameBack", "NumberCooling", "NumberFreed", "NumberHeld",
    "NumberHoldEnded", "NumberHoldExtended", "NumberKept", "NumberPoolRanLow", "NumberPoolRecovered", "NumberPortedIn", "NumberPortedOut",
    "NumberRangeAllotted", "NumberRangeGiven", "NumberReleased", "NumberResumed", "NumberReturned", "NumberSuspended", "NumbersRegraded",
]
