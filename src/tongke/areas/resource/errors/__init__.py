"""Refusals of the resource room that callers may catch, by noun."""

from tongke.areas.resource.errors.network import (
    AskedOtherwise,
    ExtendedEnough,
    LabelTaken,
    NoneInStock,
    NotEmpty,
    NotFreeForYou,
    NothingFree,
    ReservationOver,
    ReservedElsewhere,
    WrongToken,
)
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
    HoldOfColleague,
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
from tongke.areas.resource.errors.stock import CountRunning, ItemElsewhere, SecondPersonNeeded, SerialTaken

__all__ = [
    "AllotmentsOverlap", "AskedOtherwise", "BlocksOverlap", "ClerkQuotaReached", "CodeTaken", "CommitmentRuns", "CoolingNotOver", "CountRunning",
    "ExtendedEnough", "ExtensionsUsedUp", "FigureRefused", "HoldEnded", "HoldExpired", "HoldOfColleague", "HoldOfOtherOrder", "HoldTaken", "ItemElsewhere",
    "LabelTaken", "NoNumberLeft", "NoneInStock", "NotEmpty", "NotFreeForYou", "NothingFree", "NumberNotFree", "NumberRegraded",
    "PersonQuotaReached", "PoolClosed", "RangesOverlap", "ReservationOver", "ReservedElsewhere", "ScheduleRefused", "ScheduleStays",
    "SecondPersonNeeded", "SerialTaken", "WishRefused", "WrongChannel", "WrongToken",
]
