"""Writing promotions: documents become drafts, drafts are edited, and lifecycleStatus moves along the life cycle of versions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.catalogue import services
from tongke.kernel.actor import Actor
from tongke.tmf.catalogue.promotion_reading import promotion_facts
from tongke.tmf.catalogue.promotion_shapes import Promotion
from tongke.tmf.catalogue.versions import begins, home, move, own_code, said, sent
from tongke.tmf.kit.declared import Change

PROMOTIONS = "promotions"


def create(document: Promotion, *, by: Actor, at: datetime) -> UUID:
    """Draft a version of a promotion."""
    begins(document)
    facts = {"org_id": home(by)} | promotion_facts(document, sent(document), {})
    return services.draft_version(noun=PROMOTIONS, code=own_code("PM", document.code, at=at), content=facts, by=by, at=at)


def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Edit a draft, then move it."""
    current = said(PROMOTIONS, record_id).content.model_dump()
    facts = promotion_facts(wanted.after, wanted.changed - {"validFor"} if wanted.before.lifecycle_status == "Launched" else wanted.changed, current)
    if facts:
        services.edit_version(noun=PROMOTIONS, version_id=record_id, content={**current, **facts}, by=by, at=at)
    move(PROMOTIONS, record_id, wanted, by=by, at=at)


def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Discard a draft."""
    services.discard_version(noun=PROMOTIONS, version_id=record_id, by=by, at=at)
