"""Offerings in bulk: a file's offerings are taken in where their code is not known yet, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from tongke.areas.catalogue import rules
from tongke.areas.catalogue.models import Offering
from tongke.areas.catalogue.rules.life import acts_alone
from tongke.areas.catalogue.states import SOLD, LifeCycle, OfferingKind
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import Field, Noun, Values, as_columns, declare_noun, write_table
from tongke.kernel.rules import Broken, collect
from tongke.kernel.verb import verb

PLAIN = ("code", "kind", "name_zh", "name_en", "monthly_fee", "currency", "valid_from", "valid_until")


def _check(values: Values, around: Mapping[str, Values], *, at: datetime) -> Iterable[Broken]:  # noqa: ARG001 - the shape of all bulk verbs
    return collect((rules.is_offering_code, {"code": values["code"]}), (rules.is_fee, {"monthly_fee": values["monthly_fee"]}))


def offerings_by_code(codes: Sequence[str], *, at: datetime) -> dict[str, UUID]:
    """Return, for each known code, the version that is on sale at ``at``; else the newest that ever was, and only else one that is not yet."""
    best: dict[str, tuple[int, int, UUID]] = {}
    for code, version, state, begins, ends, ident in Offering.objects.filter(code__in=codes).values_list("code", "version", "state", "valid_from", "valid_until", "id"):
        begun = state in SOLD and begins <= at
        on_sale = begun and state == LifeCycle.LAUNCHED and (ends is None or ends > at)
        best[code] = max(best.get(code, (0, 0, ident)), (begun + on_sale, version, ident))
    return {code: ident for code, (_rank, _version, ident) in best.items()}


@verb("catalogue.publish")
def publish_offerings_in_bulk(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Take in first versions of offerings whose codes are new; a known code is never changed by a file.

    The house's own processes put them on sale. What a person's file brings is what customers have of another system: it is retired
    from sale, since nothing is sold that no second person approved; whoever would sell it drafts its next version.
    """
    alone = acts_alone(kind=by.kind, staff_id=by.staff_id)
    state = LifeCycle.LAUNCHED if alone else LifeCycle.RETIRED
    begun = [{**v, "valid_from": v.get("valid_from") or at} for v in fresh]
    write_table(
        "catalogue_offering", fresh=[{**v, "valid_until": None if alone else max(v["valid_from"], at)} for v in begun], changed=(),
        columns=lambda v: as_columns(v, PLAIN, {}, ("characteristics",)),
        fixed={"version": 1, "org_id": by.base_org_id or 1, "state": state.value, "created_by": by.name, "created_at": at, "changed_at": at},
    )


OFFERING = declare_noun(Noun(
    name="offering", about="something that is sold; known by its code", table="catalogue_offering", rank=10, scoped=False,
    fields=(
        Field(name="code", about="2 to 40 capitals, digits, - or _", required=True, length_max=40),
        Field(name="kind", about="what it provides", required=True, choices=tuple(OfferingKind.values)),
        Field(name="name_zh", about="Chinese name", required=True, length_max=100),
        Field(name="name_en", about="English name", required=True, length_max=100),
        Field(name="monthly_fee", about="list price a month", type="decimal", default=0),
        Field(name="currency", about="ISO 4217", length_max=3, default="CNY"),
        Field(name="characteristics", about="anything else", type="object"),
        Field(name="valid_from", about="on sale since", type="datetime"),
    ),
    check=_check, write=publish_offerings_in_bulk, resolve=offerings_by_code,
))
