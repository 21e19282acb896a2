"""Names and types of the dated policy figures of this room, and how they are read at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from django.db import connection
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from tongke.areas.party.states import BlacklistCause, CreditClass, PartyKind


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CreditPoints(_Figures):
    """Points of the credit score: what it starts with and what each fact adds or takes."""

    start: int = Field(ge=0, le=1000)
    tenure_year: int = Field(ge=0)
    tenure_years_max: int = Field(ge=0, le=50)
    paid_on_time: int = Field(ge=0)
    arrears_month: int = Field(le=0)
    arrears_months_max: int = Field(ge=1, le=120)
    fraud_case: int = Field(le=0)
    deposit_yuan_per_point: int = Field(ge=1)
    deposit_max: int = Field(ge=0)


class CreditBand(_Figures):
    """A credit class from a score on, with its limit in CNY."""

    credit_class: CreditClass
    from_score: int = Field(ge=0, le=1000)
    credit_limit: Decimal = Field(ge=0, max_digits=18, decimal_places=2)


class PartyPolicy(_Figures):
    """All figures in force at one instant for one organisation. Changing one is ``services.set_policy``."""

    documents_per_person_max: int = Field(ge=1, le=100)
    records_per_document_max: int = Field(ge=1, le=1000)
    image_bytes_max: int = Field(ge=10_000, le=100_000_000)
    image_pixels_max: int = Field(ge=10_000, le=400_000_000)
    verification_months_max: int = Field(ge=1, le=600)
    repair_below_percent: int = Field(ge=0, le=100)
    appeal_decision_days: int = Field(ge=1, le=365)
    blacklist_expiry_days: dict[BlacklistCause, int | None]
    credit_override_days_max: int = Field(ge=1, le=3650)
    credit_limit_max: Decimal = Field(ge=0)
    credit_points: CreditPoints
    credit_bands: tuple[CreditBand, ...] = Field(min_length=1)
    completeness_weights: dict[PartyKind, dict[str, int]]

    @model_validator(mode="after")
    def _weights_of_both_kinds(self) -> PartyPolicy:
        if set(self.completeness_weights) != set(PartyKind):
            raise ValueError("completeness_weights names persons and organisations")
        if any(weight < 0 for weights in self.completeness_weights.values() for weight in weights.values()):
            raise ValueError("a weight is not negative")
        return self


LABELS = {
    "documents_per_person_max": _("Documents in force for one customer, at most"),
    "records_per_document_max": _("Customer records under one document, at most"),
    "image_bytes_max": _("Size of a document's image in bytes, at most"),
    "image_pixels_max": _("Pixels of a document's image, at most"),
    "verification_months_max": _("Months after which an identity is verified again"),
    "repair_below_percent": _("Records below this completeness (percent) go to repair"),
    "appeal_decision_days": _("Days within which an appeal is decided"),
    "blacklist_expiry_days": _("Days after which a blacklist entry ends, by cause (empty: never)"),
    "credit_override_days_max": _("Days for which a rating by hand holds, at most"),
    "credit_limit_max": _("Highest credit limit by hand (CNY)"),
    "credit_points": _("Points of the credit score"),
    "credit_bands": _("Credit classes: score from, limit"),
    "completeness_weights": _("Weights of the fields in the completeness score"),
}


# The organisation whose figures hold where no lower one has its own.
GROUP = 1
# Figures on which money or protection hangs: unless their level says otherwise, none below may set its own.
LOCKED = frozenset({
    "credit_limit_max", "credit_points", "credit_bands", "credit_override_days_max",  # what the operator lends
    "records_per_document_max",  # counted over the whole operator: a cap of one network would bind the others
    "image_bytes_max", "image_pixels_max",  # guard the machines that all share
})


def locked_by(set_at: Mapping[int, bool], levels: Sequence[int]) -> int | None:
    """Return the highest of ``levels`` (the group first) whose figure permits none below it; ``None``: all permit.

    ``set_at`` tells of each organisation that set the figure whether lower levels may override it.
    """
    return next((org for org in levels if set_at.get(org) is False), None)


def holder(set_at: Mapping[int, bool], levels: Sequence[int]) -> int | None:
    """Return whose figure holds for the last of ``levels``: the highest that permits no other, else the lowest that set one."""
    locks = locked_by(set_at, levels)
    return locks if locks is not None else next((org for org in reversed(levels) if org in set_at), None)


# Each local network may have figures of its own: room for all of a large operator.
@lru_cache(maxsize=512)
def _parsed(text: str) -> PartyPolicy:
    return PartyPolicy.model_validate_json(text)


def policy_of(text: str) -> PartyPolicy:
    """Return the figures from what the database function ``party_policy_at`` gave; equal texts are parsed once."""
    return _parsed(text)


def policy_at(at: datetime, org_id: int | None = None) -> PartyPolicy:
    """Return the figures in force at ``at`` for an organisation (``None``: the group): one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT party_policy_at(%s, %s)", [at, org_id])
        (text,) = cursor.fetchone()
    return _parsed(text)


def policies_at(at: datetime, org_ids: Iterable[int]) -> dict[int, PartyPolicy]:
    """Return the figures in force at ``at`` for each of some organisations: one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT org, party_policy_at(%s, org) FROM unnest(%s::int[]) org", [at, sorted(set(org_ids))])
        return {org: _parsed(text) for org, text in cursor.fetchall()}
