"""What is changed in place: catalogues, categories with their offerings, and dated tax rates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue import events
from tongke.areas.catalogue.errors import UnknownVersion
from tongke.areas.catalogue.models import Catalogue, Category, CategoryMember, TaxRate
from tongke.areas.catalogue.queries.labels import named
from tongke.areas.catalogue.rules.content import CatalogueTreeContent, CategoryContent, Content, TaxContent
from tongke.areas.catalogue.rules.eligibility.words import Coded, Moment, Way
from tongke.areas.catalogue.rules.shelves import holds_nothing, rate_has_not_begun
from tongke.areas.catalogue.services.drafting import require_own, require_sound, shaped, take_turns
from tongke.areas.catalogue.states import LifeCycle
from tongke.kernel.actor import Actor
from tongke.kernel.ids import uuid7
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

NAMED = ("name_zh", "name_en", "description_zh", "description_en")


def put_catalogue(code: str, said: CatalogueTreeContent, *, by: Actor, at: datetime) -> UUID:
    """Write a catalogue's root, checked by the caller."""
    require_own(said.org_id, by=by)
    take_turns("catalogues", code)
    held = Catalogue.objects.filter(code=code).first()
    if held is not None:
        require_own(held.org_id, by=by)
    row = held or Catalogue(id=uuid7(), code=code, valid_from=at)
    _take(row, said, by=by, at=at)
    return row.id


def _take(row: Catalogue | Category, said: Any, *, by: Actor, at: datetime) -> None:
    for name in (*NAMED, "org_id"):
        setattr(row, name, getattr(said, name))
    fresh = row._state.adding  # noqa: SLF001 - Django's way to say that a record is new
    row.changed_at = at
    if fresh:
        row.state = LifeCycle.LAUNCHED
    row.save(force_insert=fresh)
    fact = events.ShelfAdded if fresh else events.ShelfChanged
    noun = "catalogues" if isinstance(row, Catalogue) else "categories"
    publish(fact(subject_id=row.id, org_id=row.org_id, noun=noun, code=row.code), by=by, at=at)


def put_category(code: str, said: CategoryContent, *, by: Actor, at: datetime) -> UUID:
    """Write a branch with its offerings in order, checked by the caller; its parent stands already."""
    require_own(said.org_id, by=by)
    take_turns("categories", code)
    held = Category.objects.filter(code=code).first()
    if held is not None:
        require_own(held.org_id, by=by)
    row = held or Category(id=uuid7(), code=code, valid_from=at)
    row.catalogue_id = Catalogue.objects.values_list("id", flat=True).get(code=said.catalogue)
    row.parent_id = None if said.parent is None else Category.objects.values_list("id", flat=True).get(code=said.parent)
    row.position = said.position
    _take(row, said, by=by, at=at)
    _order_members(row, said, by=by)
    return row.id


def _order_members(row: Category, said: CategoryContent, *, by: Actor) -> None:
    """Let these offerings and no others stand in a category, in this order; where an owner of offerings put his, the place stays his."""
    held = {member.offering_code: member for member in CategoryMember.objects.filter(category_id=row.id)}
    for code in sorted(set(held) - set(said.offerings)):
        require_own(held[code].org_id, by=by)
        held[code].delete()
    for place, code in enumerate(said.offerings):
        if code not in held:
            CategoryMember.objects.create(org_id=said.org_id, category_id=row.id, offering_code=code, position=place)
        elif held[code].position != place and by.sees(held[code].org_id):
            CategoryMember.objects.filter(id=held[code].id).update(position=place)


def put_tax_rates(category: str, said: TaxContent, *, by: Actor, at: datetime) -> None:
    """Write a tax category's rates, checked by the caller: rates that have begun, and those that are not named, stay as they are. Raises ``RulesBroken`` (CAT-07)."""
    require_own(said.org_id, by=by)
    take_turns("tax_rates", category)
    held = {row.valid_from: row for row in TaxRate.objects.filter(category=category)}
    said_from = {rate.valid_from: rate.percent for rate in said.rates}
    wanted = {start: row.percent for start, row in held.items()} | said_from
    alike = all((row.name_zh, row.name_en, row.org_id) == (said.name_zh, said.name_en, said.org_id) for row in held.values())
    if alike and all(start in held and held[start].percent == percent for start, percent in wanted.items()):
        return
    new = [start for start, percent in said_from.items() if start not in held or held[start].percent != percent]
    require(rate_has_not_begun.broken(category=Coded.of(said, category), since=Moment(start))
            for start in new if not rate_has_not_begun(since=start, at=at, known=bool(held)))
    # The one that is open gives way before another is.
    TaxRate.objects.filter(category=category, valid_until__isnull=True).update(valid_until=max(wanted))
    starts = sorted(wanted)
    for n, start in reversed(list(enumerate(starts))):
        until = starts[n + 1] if n + 1 < len(starts) else None
        TaxRate.objects.update_or_create(category=category, valid_from=start, defaults={
            "percent": wanted[start], "valid_until": until, "name_zh": said.name_zh, "name_en": said.name_en, "org_id": said.org_id})


@verb("catalogue.design")
def set_catalogue(*, code: str, content: Content | Mapping[str, Any], by: Actor, at: datetime) -> UUID:
    """Make or change a catalogue; raises ``RulesBroken``, ``BeyondOwnArea``."""
    said = shaped("catalogues", content)
    require_sound("catalogues", code, said)
    return put_catalogue(code, said, by=by, at=at)


@verb("catalogue.design")
def set_category(*, code: str, content: Content | Mapping[str, Any], by: Actor, at: datetime) -> UUID:
    """Make or change a category, its offerings in order; raises ``RulesBroken`` (circles shown as a path), ``BeyondOwnArea``."""
    said = shaped("categories", content)
    require_sound("categories", code, said)
    return put_category(code, said, by=by, at=at)


@verb("catalogue.design")
def remove_category(*, code: str, by: Actor, at: datetime) -> None:
    """Take an empty category away; raises ``UnknownVersion``, ``RulesBroken`` where branches or offerings are left in it."""
    row = Category.objects.filter(code=code).first()
    if row is None:
        raise UnknownVersion(noun=_("category"))
    require_own(row.org_id, by=by)
    inside = [*Category.objects.filter(parent_id=row.id).values_list("code", flat=True),
              *CategoryMember.objects.filter(category_id=row.id).values_list("offering_code", flat=True)]
    require(collect((holds_nothing, {"category": Coded.of(row, code), "inside": Way(tuple(named(inside)), between=", ")})))
    publish(events.ShelfRemoved(subject_id=row.id, org_id=row.org_id, noun="categories", code=code), by=by, at=at)
    row.delete()


@verb("catalogue.publish")
def set_tax_rates(*, category: str, content: Content | Mapping[str, Any], by: Actor, at: datetime) -> None:
    """Set the rates of a tax category from instants that are still ahead; raises ``RulesBroken``, ``BeyondOwnArea``."""
    said = shaped("tax_rates", content)
    require_sound("tax_rates", category, said)
    put_tax_rates(category, said, by=by, at=at)
