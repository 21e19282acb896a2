"""Refusals of the resource room that callers may catch, by noun."""

from tongke.areas.resource.errors.numbers import (
    AllotmentsOverlap,
    BlocksOverlap,
    ClerkQuotaReached,
    CodeTaken,
    CommitmentRuns,
    CoolingNotOver,
    ExtensionsUsedUp,
    FigureRefused,
    HoldEnded,
    HoldExpired,
    HoldOfOtherOrder,
    HoldTaken,
    NoNumberLeft,
    NumberNotFree,
    NumberRegraded,
    PersonQuotaReached,
    PoolClosed,
    RangesOverlap,
    ScheduleRefused,
    ScheduleStays,
    WishRefused,
    WrongChannel,
)

__all__ = [
    "AllotmentsOverlap", "BlocksOverlap", "ClerkQuotaReached", "CodeTaken", "CommitmentRuns", "CoolingNotOver", "ExtensionsUsedUp", "FigureRefused",
    "HoldEnded", "HoldExpired", "HoldOfOtherOrder", "HoldTaken", "NoNumberLeft", "NumberNotFree", "NumberRegraded", "PersonQuotaReached",
    "PoolClosed", "RangesOverlap", "ScheduleRefused", "ScheduleStays", "WishRefused", "WrongChannel",
]
