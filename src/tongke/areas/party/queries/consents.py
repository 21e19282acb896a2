"""May this party be contacted? The one question that every channel asks before it sends or calls."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.party.models import Consent, Party
from tongke.areas.party.queries.blacklist import consult_blacklist
from tongke.kernel.actor import Actor, acting


def answers_in_force(party_id: UUID, *, by: Actor) -> tuple[tuple[str, str, str], ...]:
    """Return (purpose, channel, state) of every answer in force, those of parties merged into it included."""
    with acting(by):
        family = [party_id, *Party.objects.filter(merged_into_id=party_id).values_list("id", flat=True)]
        return tuple(Consent.objects.filter(party_id__in=family, valid_until=None).values_list("purpose", "channel", "state"))


def contact_facts(party_id: UUID, *, by: Actor, at: datetime) -> tuple[tuple[tuple[str, str, str], ...], tuple[str, ...]]:
    """Return the answers in force and the blacklist's effects, as ``rules.consents.may_contact`` takes them."""
    hits = consult_blacklist(party_id=party_id, by=by, at=at).hits
    return answers_in_force(party_id, by=by), tuple(hit.effect for hit in hits)
