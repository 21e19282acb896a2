"""Whether a party may be contacted: asked again at the very moment of sending (T25)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.party.queries.consents import contact_facts
from tongke.areas.party.rules import consents
from tongke.kernel.actor import Actor


def may_contact(party_id: UUID, *, purpose: str, channel: str, by: Actor, at: datetime) -> bool:
    """Tell whether the party may be contacted for ``purpose`` on ``channel`` now; the most restrictive answer wins."""
    answers, effects = contact_facts(party_id, by=by, at=at)
    return consents.may_contact(purpose=purpose, channel=channel, answers=answers, blacklist_effects=effects)
