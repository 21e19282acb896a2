"""Rules of a version's way into sale and out of it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule


@rule("CAT-44", says=_("{effective} is over"), mend=_("Choose now or a later time: what was sold stays as it was"), field="effective_at")
def begins_ahead(*, effective: datetime, at: datetime) -> bool:
    """Nothing is launched or ended backwards."""
    return effective >= at


@rule("CAT-45", says=_("Version {other} of {code} begins only at {since}"), mend=_("Recall that launch first, or choose a later time"), field="effective_at")
def follows_the_version_before(*, since: datetime, effective: datetime) -> bool:
    """Versions of a code follow each other in time."""
    return since < effective


@rule("CAT-46", says=_("Not on sale by then: {missing}"), mend=_("Launch them first, or together with this"), field="effective_at")
def what_it_needs_is_launched(*, missing: object) -> bool:
    """A specification is launched before its offerings, parts before their bundle, what is decomposed into before what is decomposed."""
    return not missing


@rule("CAT-47", says=_("Still in use by {users}"), mend=_("Retire those first, or launch versions of them without it"))
def nothing_on_sale_needs_it(*, users: object) -> bool:
    """What something on sale is made of stays on sale."""
    return not users


@rule("CAT-48", says=_("It would end at {until}, not after it begins ({effective})"), mend=_("Draft a version with a later end, or begin earlier"), field="effective_at")
def ends_after_it_begins(*, effective: datetime, until: datetime | None) -> bool:
    """A version holds for some time."""
    return until is None or until > effective


@rule("CAT-49", says=_("This launch took effect at {since}"), mend=_("Launch a next version, or retire this one"))
def has_not_begun(*, since: datetime, at: datetime) -> bool:
    """Only a launch that is still ahead is recalled."""
    return since > at


def acts_alone(*, kind: str, staff_id: UUID | None) -> bool:
    """Tell whether the actor is one of the house's own processes, which nobody else need agree with; a person's job is the person."""
    return kind == "system" and staff_id is None


def is_second(*, actor: str, workers: Collection[str]) -> bool:
    """Tell whether the actor had no hand in the version."""
    return actor not in workers
