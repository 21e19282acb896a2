"""Contacts in bulk, held to the same rules as the single verb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tongke.areas.contact_centre import rules
from tongke.areas.contact_centre.states import Channel, Direction, InteractionKind
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import Field, Noun, Values, as_columns, declare_noun, write_table
from tongke.kernel.rules import Broken, collect
from tongke.kernel.verb import verb

IMPORT = "party.import"
PLAIN = ("occurred_at", "channel", "direction", "kind", "subject", "body", "staff_name", "reference", "duration_seconds")


def _check(values: Values, around: Mapping[str, Values], *, at: datetime) -> Iterable[Broken]:  # noqa: ARG001 - the shape of all bulk verbs
    return collect((rules.has_subject, {"subject": values["subject"]}), (rules.is_past, {"occurred_at": values["occurred_at"], "at": at}))


@verb(IMPORT)
def load_interactions(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Record contacts. What was said stays said: only subject, text and reference of a recorded one can be corrected."""
    correctable = ("id", "subject", "body", "reference")
    write_table(
        "contact_centre_interaction", fresh=fresh, changed=[{k: v[k] for k in correctable if k in v} for v in changed],
        columns=lambda v: as_columns(v, PLAIN, {"customer": "customer_id", "subscriber": "subscriber_id"}))


INTERACTION = declare_noun(Noun(
    name="interaction", about="one contact with a customer", table="contact_centre_interaction", rank=80, check=_check,
    write=load_interactions, fields=(
        Field(name="customer", about="key of the customer", type="reference", noun="customer", required=True),
        Field(name="subscriber", about="key of the line it was about", type="reference", noun="subscriber"),
        Field(name="occurred_at", about="when", type="datetime", required=True),
        Field(name="channel", about="where", required=True, choices=tuple(Channel.values)),
        Field(name="direction", about="who began", choices=tuple(Direction.values), default="inbound"),
        Field(name="kind", about="what it was about", choices=tuple(InteractionKind.values), default="enquiry"),
        Field(name="subject", about="in a few words", required=True, length_max=200), Field(name="body", about="the whole text", default=""),
        Field(name="staff_name", about="who served", length_max=60, default=""),
        Field(name="reference", about="number of the case or order", length_max=80, default=""),
        Field(name="duration_seconds", about="how long", type="integer"),
    )))
