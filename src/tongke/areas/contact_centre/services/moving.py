"""Moving a customer to another organisation through all rooms, in one transaction (T33).

This room is the highest that keeps customers' rows, so the whole act is led from here, as merging is.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.account.services import move_accounts
from tongke.areas.catalogue.services.merging import move_grants
from tongke.areas.contact_centre.models import Interaction
from tongke.areas.inventory.services import move_lines
from tongke.areas.ordering.services.merging import move_qualifications
from tongke.areas.party.services import move_party
from tongke.kernel.actor import Actor
from tongke.kernel.verb import verb


@verb("party.move")
def move_customer(*, customer_id: UUID, to_org: int, reason: str, by: Actor, at: datetime) -> None:
    """Hand a customer with accounts, lines and contacts to ``to_org``: from now on the new organisation sees all of it,
    the old one nothing. Refused unless the actor sees both.
    """
    move_party(customer_id=customer_id, to_org=to_org, reason=reason, by=by, at=at)
    move_accounts(customer_id=customer_id, to_org=to_org, by=by, at=at)
    move_grants(customer_id=customer_id, to_org=to_org, by=by, at=at)
    move_lines(customer_id=customer_id, to_org=to_org, by=by, at=at)
    move_qualifications(customer_id=customer_id, to_org=to_org, by=by, at=at)
    Interaction.objects.filter(customer_id=customer_id).update(org_id=to_org)
