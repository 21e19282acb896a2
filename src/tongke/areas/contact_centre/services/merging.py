"""Merging two customers through all rooms, in one transaction (docs/adr on merging).

This room is the highest that keeps customers' rows, so the whole act is led from here: it calls the lower rooms
down the floors, and each records what it changed. Separating needs no lead: ``party.services.separate_parties``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from tongke.areas.account.services.merging import repoint_accounts
from tongke.areas.catalogue.services.merging import repoint_grants
from tongke.areas.contact_centre.models import Interaction
from tongke.areas.inventory.services.merging import repoint_customer, repoint_party
from tongke.areas.ordering.services.merging import repoint_qualifications
from tongke.areas.party.services.merging import beyond_scope, extend_merge, merge_parties
from tongke.kernel.actor import Actor, acting
from tongke.kernel.reversal import Recorder
from tongke.kernel.verb import verb


@verb("party.merge")
def merge_customers(
    *, survivor_id: UUID, absorbed_id: UUID, chosen: Mapping[str, str] | None = None, reason: str,
    read: Mapping[UUID, int] | None = None, by: Actor, at: datetime,
) -> UUID:
    """Let party ``survivor_id`` take over party ``absorbed_id`` with everything that hangs on it; returns the merge's id.

    Arguments and refusals are those of ``party.services.merge_parties``. The log of looks and the outbox keep the
    old ids: they tell what happened then.
    """
    merged = merge_parties(
        survivor_id=survivor_id, absorbed_id=absorbed_id, chosen=chosen, reason=reason, read=read, by=by, at=at,
    )
    recorder = Recorder()
    # The two parties were found to be in sight: from here on everything that hangs on them is.
    whole = beyond_scope(by=by)
    repoint_party(from_id=merged.from_party, to_id=merged.to_party, recorder=recorder, by=whole, at=at)
    if merged.from_customer is not None and merged.to_customer is not None:
        old, new = merged.from_customer, merged.to_customer
        repoint_accounts(from_id=old, to_id=new, recorder=recorder, by=whole, at=at)
        repoint_grants(from_id=old, to_id=new, recorder=recorder, by=whole, at=at)
        repoint_customer(from_id=old, to_id=new, recorder=recorder, by=whole, at=at)
        repoint_qualifications(from_id=old, to_id=new, recorder=recorder, by=whole, at=at)
        with acting(whole), recorder.watching("contact_centre_interaction", "customer_id = %s", [old], key=("occurred_at", "id")):
            Interaction.objects.filter(customer_id=old).update(customer_id=new)
    extend_merge(merge_id=merged.merge_id, steps=recorder.steps, by=by, at=at)
    return merged.merge_id
