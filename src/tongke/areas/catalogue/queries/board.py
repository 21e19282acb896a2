"""Offerings as a product manager's list shows them: one row a code, in the version that stands for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from tongke.areas.catalogue.models import (
    BundlePart,
    Category,
    CategoryMember,
    Offering,
    PriceList,
    Promotion,
    PromotionGrant,
    Specification,
)
from tongke.areas.catalogue.queries.contents import MODELS, Standing
from tongke.areas.catalogue.queries.surroundings import surroundings
from tongke.areas.catalogue.queries.workers import worked_on
from tongke.areas.catalogue.rules.comparison import Difference, compare
from tongke.areas.catalogue.rules.content import CatalogueContent
from tongke.areas.catalogue.rules.whole import content_findings
from tongke.areas.catalogue.states import DRAFTS, LifeCycle
from tongke.kernel.actor import Actor
from tongke.kernel.models import StateChange
from tongke.kernel.rules import Broken

Versioned = type[Offering] | type[Specification] | type[PriceList] | type[Promotion]
_ON_SALE = Q(state=LifeCycle.LAUNCHED, valid_until__isnull=True)


def standing(model: Versioned) -> QuerySet[Any]:
    """Return one row a code: the version on sale, else the newest. With it how many ``versions`` there are, and the newest draft or approved
    version that waits beside it (``next_id``, ``next_version``, ``next_state``).
    """
    alike = model.objects.filter(code=OuterRef("code"))
    rank = Case(When(_ON_SALE, then=Value(0)), default=Value(1), output_field=IntegerField())
    first = alike.annotate(rank=rank).order_by("rank", "-version").values("id")[:1]
    waiting = alike.filter(state__in=[*DRAFTS, LifeCycle.ACTIVE]).exclude(id=OuterRef("id")).order_by("-version")
    versions = alike.order_by().values("code").annotate(n=Count("id")).values("n")
    return model.objects.filter(id=Subquery(first)).annotate(
        versions=Coalesce(Subquery(versions), Value(1)), next_id=Subquery(waiting.values("id")[:1]),
        next_version=Subquery(waiting.values("version")[:1]), next_state=Subquery(waiting.values("state")[:1]),
    )


def offerings_board(by: Actor) -> QuerySet[Any]:
    """Return the offerings, one row a code, with their specification. Everybody who may see the catalogue sees all of it."""
    by.require("catalogue.view")
    return standing(Offering).select_related("specification")


def specifications_board(by: Actor) -> QuerySet[Specification]:
    """Return the specifications, one row a code."""
    by.require("catalogue.view")
    return standing(Specification)


def price_lists_board(by: Actor) -> QuerySet[PriceList]:
    """Return the price lists, one row a code."""
    by.require("catalogue.view")
    return standing(PriceList)


def promotions_board(by: Actor) -> QuerySet[Any]:
    """Return the promotions, one row a code."""
    by.require("catalogue.view")
    return standing(Promotion)


@dataclass(frozen=True, slots=True)
class Branch:
    """A category with how many offerings stand in it and below it, each counted once."""

    id: UUID
    code: str
    name_zh: str
    name_en: str
    offerings: int
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Root:
    """A catalogue with its categories."""

    code: str
    name_zh: str
    name_en: str
    branches: tuple[Branch, ...]


def category_tree(*, by: Actor) -> list[Root]:
    """Return every catalogue with its branches, in order: two statements."""
    by.require("catalogue.view")
    rows = list(Category.objects.select_related("catalogue").order_by("catalogue__code", "position", "code"))
    members: dict[UUID, set[str]] = {}
    for category_id, code in CategoryMember.objects.values_list("category_id", "offering_code"):
        members.setdefault(category_id, set()).add(code)

    def branch(row: Category) -> tuple[Branch, set[str]]:
        below = [branch(other) for other in rows if other.parent_id == row.id]
        codes = members.get(row.id, set()).union(*(found for _one, found in below))
        return Branch(row.id, row.code, row.name_zh, row.name_en, len(codes), tuple(one for one, _found in below)), codes

    roots: dict[UUID, list[Branch]] = {}
    for row in rows:
        roots.setdefault(row.catalogue_id, [])
        if row.parent_id is None:
            roots[row.catalogue_id].append(branch(row)[0])
    named = {row.catalogue_id: row.catalogue for row in rows}
    return [Root(named[key].code, named[key].name_zh, named[key].name_en, tuple(found)) for key, found in roots.items()]


def codes_in_category(code: str) -> list[str]:
    """Return the codes of the offerings in a category and below it; none for a category that is not known."""
    rows = list(Category.objects.values_list("id", "parent_id", "code"))
    wanted = {row_id for row_id, _parent, found in rows if found == code}
    while True:
        more = {row_id for row_id, parent, _code in rows if parent in wanted} - wanted
        if not more:
            break
        wanted |= more
    return sorted(set(CategoryMember.objects.filter(category_id__in=wanted).values_list("offering_code", flat=True)))


def categories_of(code: str) -> list[Category]:
    """Return the categories in which an offering stands."""
    wanted = CategoryMember.objects.filter(offering_code=code).values("category_id")
    return list(Category.objects.filter(id__in=wanted).order_by("code"))


def versions_of(code: str, *, by: Actor) -> list[Offering]:
    """Return every version of an offering, the newest first."""
    by.require("catalogue.view")
    return list(Offering.objects.filter(code=code).select_related("specification").order_by("-version"))


def version_ids(codes: Sequence[str]) -> dict[str, list[UUID]]:
    """Return the ids of every version of each code."""
    found: dict[str, list[UUID]] = {}
    for code, row_id in Offering.objects.filter(code__in=list(codes)).values_list("code", "id"):
        found.setdefault(code, []).append(row_id)
    return found


def used_in(code: str) -> list[Offering]:
    """Return the bundles on sale or in the making that have the offering as a part."""
    wanted = BundlePart.objects.filter(part_code=code).values("offering_id")
    return list(Offering.objects.filter(id__in=wanted).exclude(state__in=[LifeCycle.OBSOLETE, LifeCycle.REJECTED]).order_by("code", "-version"))


def offerings_with_specification(code: str) -> list[Offering]:
    """Return the versions of offerings that are made by a specification of this code, whichever version of it."""
    return list(Offering.objects.filter(specification__code=code).order_by("code", "-version"))


class Names(NamedTuple):
    """The names of something in both languages."""

    name_zh: str
    name_en: str


def names_of(codes: Sequence[str]) -> dict[str, Names]:
    """Return the names of each offering known by code, of the version that stands."""
    found = standing(Offering).filter(code__in=list(codes)).values_list("code", "name_zh", "name_en")
    return {code: Names(zh, en) for code, zh, en in found}


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of a version's life cycle."""

    verb: str
    from_state: str
    to_state: str
    reason: str
    actor: str
    at: datetime


def life_of(version_id: UUID) -> list[Moved]:
    """Return the moves of a version's life cycle, the newest first."""
    rows = StateChange.objects.filter(subject_id=version_id).order_by("-at", "-id")
    return [Moved(row.verb, row.from_state, row.to_state, row.reason, row.actor, row.at) for row in rows]


def stands_against(version: Standing) -> list[Broken]:
    """Return every rule that a version breaks as it is, ``field`` the path into what it says: what is to be mended before its test."""
    around = surroundings(CatalogueContent(**{version.noun: {version.code: version.content}}))
    return [finding.as_field() for finding in content_findings(version.noun, version.code, version.content, around)]


def hand_in(version: Standing) -> set[str]:
    """Return who worked on a version: none of them may approve it."""
    row = MODELS[version.noun].objects.get(id=version.id)
    return worked_on(version.noun, row)


def differences(before: Standing, after: Standing) -> list[Difference]:
    """Return what two versions say differently, in the order of what they say."""
    return list(compare(before.content, after.content))


def versions_said(noun: str, code: str) -> list[tuple[UUID, int, str]]:
    """Return (id, version, state) of every version of a code, the newest first."""
    return list(MODELS[noun].objects.filter(code=code).order_by("-version").values_list("id", "version", "state"))


def promotion_counts(promotion_id: UUID) -> dict[str, int]:
    """Return how many shares a version of a promotion has given, and how many are held, used and released."""
    given = Promotion.objects.filter(id=promotion_id).values_list("used", flat=True).first() or 0
    rows = PromotionGrant.objects.filter(promotion_id=promotion_id).values_list("state").annotate(n=Count("id"))
    return {"held": 0, "used": 0, "released": 0, **dict(rows), "given": given}


def grants_of(promotion_id: UUID, *, by: Actor) -> QuerySet[PromotionGrant]:
    """Return the shares of a promotion's version within the actor's scope."""
    by.require("catalogue.promote")
    rows = PromotionGrant.objects.filter(promotion_id=promotion_id)
    return rows if by.scope is None else rows.filter(org_id__in=by.scope)


def versions_in_making(*, limit: int, by: Actor) -> list[Offering]:
    """Return the drafts and approved versions that were changed last."""
    by.require("catalogue.view")
    return list(Offering.objects.filter(state__in=[*DRAFTS, LifeCycle.ACTIVE]).order_by(F("changed_at").desc(nulls_last=True), "code")[:limit])


def edges_ahead(*, at: datetime, limit: int, by: Actor) -> list[Offering]:
    """Return the launched versions whose sale begins after ``at``, then those whose sale ends, the soonest first."""
    by.require("catalogue.view")
    sold = Offering.objects.filter(state=LifeCycle.LAUNCHED)
    begins = list(sold.filter(valid_from__gt=at).order_by("valid_from", "code")[:limit])
    ends = list(sold.filter(valid_from__lte=at, valid_until__gt=at).order_by("valid_until", "code")[:limit])
    return [*begins, *ends][:limit]
