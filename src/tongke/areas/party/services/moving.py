"""Moving a customer's own record to another organisation of the operator (T33)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F

from tongke.areas.party.events.moving import CustomerMoved
from tongke.areas.party.models import (
    BlacklistAppeal,
    BlacklistEntry,
    Consent,
    ContactMedium,
    CreditRating,
    Customer,
    IdentityDocument,
    Merge,
    NameChange,
    Party,
    PartyRelation,
    PartyRole,
    PostalAddress,
    SourceKey,
)
from tongke.areas.party.queries.brief import customer_brief
from tongke.areas.party.rules.moving import destination_in_sight, destination_is_another, destination_keeps_customers, reason_for_move
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


@verb("party.move")
def move_party(*, customer_id: UUID, to_org: int, reason: str, by: Actor, at: datetime) -> None:
    """Hand the customer's record, with all that this room keeps of it, to ``to_org``.

    Parties that were merged into it go along, so that a later separation stays in one place. Looks and events
    keep the organisation they happened in.
    """
    customer = customer_brief(customer_id, lock=True)
    org = staff.org_labels().get(to_org)
    require(collect(
        (destination_keeps_customers, {"kind": org.kind if org and org.active else ""}),
        (destination_is_another, {"from_org": customer.org_id, "to_org": to_org}),
        (destination_in_sight, {"seen": by.sees(to_org)}), (reason_for_move, {"reason": reason}),
    ))
    parties = [customer.party_id, *Party.objects.filter(merged_into_id=customer.party_id).values_list("id", flat=True)]
    for record in (ContactMedium, IdentityDocument, PostalAddress, Consent, NameChange, BlacklistEntry, PartyRole):
        record.objects.filter(party_id__in=parties).update(org_id=to_org)
    BlacklistAppeal.objects.filter(entry__party_id__in=parties).update(org_id=to_org)
    PartyRelation.objects.filter(child_id__in=parties).update(org_id=to_org)
    Merge.objects.filter(survivor_id__in=parties).update(org_id=to_org)
    CreditRating.objects.filter(customer__party_id__in=parties).update(org_id=to_org)
    SourceKey.objects.filter(subject_id__in=[*parties, customer_id]).update(org_id=to_org)
    Party.objects.filter(id__in=parties).update(org_id=to_org, changed_at=at)
    # The manager of the network left behind keeps nobody in the new one.
    Customer.objects.filter(party_id__in=parties).update(org_id=to_org, manager_id=None, version=F("version") + 1, changed_at=at)
    publish(CustomerMoved(
        subject_id=customer_id, customer_id=customer_id, org_id=to_org, from_org=customer.org_id, to_org=to_org, reason=reason.strip(),
    ), by=by, at=at)
