"""Recording what was said of offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import translation

from tongke.areas.ordering import events
from tongke.areas.ordering.models import Qualification, QualificationItem
from tongke.areas.ordering.queries import qualification as judging
from tongke.areas.ordering.queries.facts import Prospect, Wanted
from tongke.areas.ordering.states import QUALIFICATION, ItemAction, Outcome
from tongke.areas.party import queries as parties
from tongke.kernel.actor import Actor
from tongke.kernel.numbering import sequence_number
from tongke.kernel.outbox import publish
from tongke.kernel.verb import verb

HOLDS = timedelta(days=1)
"""How long a recorded qualification may be shown without judging anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One offering that is asked about; ``given_id`` is the asker's own name for the item."""

    code: str
    given_id: str = ""
    action: str = ItemAction.ADD


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationDraft:
    """What is asked: for whom, what (nothing named: everything on sale), and in what shape the order would be.

    ``only_available`` keeps only what may be ordered. ``beside`` is whatever an API keeps beside the record.
    """

    customer_id: UUID | None = None
    items: Sequence[Asked] = ()
    wanted: Wanted = field(default_factory=Wanted)
    prospect: Prospect | None = None
    description: str = ""
    only_available: bool = False
    beside: dict[str, Any] = field(default_factory=dict)


@verb("ordering.qualify")
def record_qualification(*, draft: QualificationDraft, by: Actor, at: datetime) -> UUID:
    """Judge and record the answer with every reason in both languages; it holds for a day at the longest.

    Raises what ``queries.qualify`` raises; then nothing is recorded.
    """
    codes = [asked.code for asked in draft.items] or None
    said = judging.qualify(draft.customer_id, codes, wanted=draft.wanted, prospect=draft.prospect, by=by, at=at)
    shown = {q.code: q for q in said if not draft.only_available or q.outcome != Outcome.REFUSED}
    org = parties.customer_brief(draft.customer_id).org_id if draft.customer_id else by.base_org_id or parties.GROUP
    row = Qualification.objects.create(
        org_id=org, number=sequence_number("QF", on=by.day(at)), customer_id=draft.customer_id, channel=draft.wanted.channel or "",
        place_id=draft.wanted.place_id, subscriber_id=draft.wanted.line_id, asked=_asked(draft, said[0].judgement.facts.digests), description=draft.description[:300],
        outcome=_overall([q.outcome for q in shown.values()]), fingerprint=said[0].fingerprint, revision=said[0].judgement.revision,
        requested_by=by.name, requested_at=at, completed_at=at, expires_at=at + HOLDS, changed_at=at,
    )
    asked = list(draft.items) or [Asked(code=code) for code in sorted(shown)]
    QualificationItem.objects.bulk_create(
        _item(row, place, one, shown[one.code]) for place, one in enumerate((a for a in asked if a.code in shown), 1)
    )
    QUALIFICATION.move(row, "finish", by=by, at=at)
    publish(events.OfferingsQualified(
        subject_id=row.id, customer_id=draft.customer_id, org_id=org, number=row.number, outcome=row.outcome,
        offerings=[a.code for a in asked if a.code in shown][:100],
    ), by=by, at=at)
    return row.id


def _asked(draft: QualificationDraft, digests: dict[str, str]) -> dict[str, Any]:
    """What was asked, for asking it again, with a digest of each fact that it was judged by: no fact itself is kept."""
    wanted, prospect = draft.wanted, draft.prospect
    return {
        "facts": digests,
        "quantity": wanted.quantity, "together": list(wanted.together), "replacing": [str(one) for one in wanted.replacing],
        "account": str(wanted.account_id or ""), "beside": draft.beside,
        "prospect": None if prospect is None else {
            "segment": prospect.segment, "party_kind": prospect.party_kind, "age": prospect.age, "org_id": prospect.org_id},
    }


def _overall(outcomes: Sequence[str]) -> str:
    """All may be ordered, some may be in some way, or none."""
    if outcomes and all(o == Outcome.ELIGIBLE for o in outcomes):
        return Outcome.ELIGIBLE
    return Outcome.CONDITIONAL if any(o != Outcome.REFUSED for o in outcomes) else Outcome.REFUSED


def _item(row: Qualification, place: int, asked: Asked, said: judging.Qualification) -> QualificationItem:
    return QualificationItem(
        org_id=row.org_id, qualification=row, ordinal=place, given_id=asked.given_id[:60], action=asked.action, offering_code=said.code,
        offering_version=said.version, outcome=said.outcome, reasons=_reasons(said), deposit=said.deposit, penalty=said.penalty,
        currency=said.judgement.facts.currency,
    )


def _reasons(said: judging.Qualification) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = [
        {"code": f.code, "rule": f.rule, "version": f.version, "effect": str(f.effect), "deposit": str(f.deposit), "penalty": str(f.penalty)}
        for f in said.findings
    ]
    for language, ending in (("zh-hans", "zh"), ("en", "en")):
        with translation.override(language):
            for place, finding in enumerate(said.findings):
                out[place] |= {f"message_{ending}": finding.message, f"advice_{ending}": finding.advice}
    return out
