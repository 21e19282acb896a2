"""Offerings and their categories as they would be if something that is not on sale yet were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tongke.areas.catalogue.queries.contents import tree
from tongke.areas.catalogue.queries.rule_book import offers_known
from tongke.areas.catalogue.rules.content import CategoryContent, OfferingContent
from tongke.areas.catalogue.rules.eligibility import Named, Offer

NO_CATEGORIES: Mapping[str, CategoryContent] = {}


def categories_of(said: Mapping[str, CategoryContent] = NO_CATEGORIES) -> dict[str, tuple[str, ...]]:
    """Return, for each offering's code, the categories that hold it and those above, with ``said`` in place of what stands."""
    branches = tree()[1] | dict(said)
    out: dict[str, set[str]] = {}
    for code, branch in branches.items():
        way: list[str] = []
        above: str | None = code
        while above is not None and above in branches and above not in way:
            way.append(above)
            above = branches[above].parent
        for offering in branch.offerings:
            out.setdefault(offering, set()).update(way)
    return {offering: tuple(sorted(found)) for offering, found in out.items()}


def offers_as_if(
    path: Sequence[int], said: Mapping[str, OfferingContent], categories: Mapping[str, tuple[str, ...]], *, at: datetime,
) -> list[Offer]:
    """Return the offerings that an organisation knows at ``at``, those of ``said`` on sale as they say; ``path`` leads down to it."""
    known = {offer.code: offer for offer in offers_known(tuple(path), at=at)}
    for code, own in said.items():
        before = known.get(code, Offer(code=code, kind=own.kind, name=Named(own.name_zh, own.name_en)))
        known[code] = replace(
            before, kind=own.kind, name=Named(own.name_zh, own.name_en), fee=own.monthly_fee, segments=own.segments, channels=own.channels,
            sold_in=own.sold_in, on_sale=own.sellable and own.org_id in path, parts=tuple(part.part_code for part in own.parts),
            always=tuple(part.part_code for part in own.parts if part.quantity_min),
        )
    return [replace(offer, categories=categories.get(offer.code, ())) for offer in known.values()]
