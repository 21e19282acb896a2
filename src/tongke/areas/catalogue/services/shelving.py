"""Catalogues and categories from one at a time: new ones, their life, and the categories of one offering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue import events
from tongke.areas.catalogue.errors import ShelfExists, UnknownVersion
from tongke.areas.catalogue.models import Catalogue, Category, CategoryMember, Offering
from tongke.areas.catalogue.queries.labels import named
from tongke.areas.catalogue.rules.content import Content
from tongke.areas.catalogue.rules.eligibility.words import Coded, Way
from tongke.areas.catalogue.rules.shelves import holds_nothing
from tongke.areas.catalogue.services.drafting import require_own, take_turns
from tongke.areas.catalogue.services.shelves import set_catalogue, set_category
from tongke.areas.catalogue.states import CATALOGUE, CATEGORY
from tongke.kernel.actor import Actor
from tongke.kernel.machine import Machine
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

CATALOGUES, CATEGORIES = "catalogues", "categories"
MODELS: Mapping[str, Any] = {CATALOGUES: Catalogue, CATEGORIES: Category}
MACHINES: Mapping[str, Machine] = {CATALOGUES: CATALOGUE, CATEGORIES: CATEGORY}


@verb("catalogue.design")
def add_catalogue(*, code: str, content: Content | Mapping[str, Any], by: Actor, at: datetime) -> UUID:
    """Make a new catalogue and return its id; raises ``ShelfExists``, ``RulesBroken``, ``BeyondOwnArea``."""
    if Catalogue.objects.filter(code=code).exists():
        raise ShelfExists(code=code, field="code")
    return set_catalogue(code=code, content=content, by=by, at=at)


@verb("catalogue.design")
def add_category(*, code: str, content: Content | Mapping[str, Any], by: Actor, at: datetime) -> UUID:
    """Make a new category and return its id; raises ``ShelfExists``, ``RulesBroken``, ``BeyondOwnArea``."""
    if Category.objects.filter(code=code).exists():
        raise ShelfExists(code=code, field="code")
    return set_category(code=code, content=content, by=by, at=at)


def _locked(noun: str, code: str, *, by: Actor) -> Any:
    row = MODELS[noun].objects.filter(code=code).first()
    if row is None:
        raise UnknownVersion(noun=_("category") if noun == CATEGORIES else _("catalogue"))
    require_own(row.org_id, by=by)
    return MODELS[noun].objects.select_for_update(of=("self",)).get(id=row.id)


def _move(noun: str, code: str, move: str, *, by: Actor, at: datetime) -> None:
    row = _locked(noun, code, by=by)
    before = row.state
    MACHINES[noun].move(row, move, by=by, at=at)
    MODELS[noun].objects.filter(id=row.id).update(changed_at=at)
    publish(events.ShelfMoved(subject_id=row.id, org_id=row.org_id, noun=noun, code=code, from_state=before, to_state=row.state), by=by, at=at)


@verb("catalogue.design")
def move_catalogue(*, code: str, move: str, by: Actor, at: datetime) -> None:
    """Retire a catalogue, bring it back or put it away for good; raises ``IllegalMove``, ``UnknownVersion``, ``BeyondOwnArea``."""
    _move(CATALOGUES, code, move, by=by, at=at)


@verb("catalogue.design")
def move_category(*, code: str, move: str, by: Actor, at: datetime) -> None:
    """Retire a category, bring it back or put it away for good; raises ``IllegalMove``, ``UnknownVersion``, ``BeyondOwnArea``."""
    _move(CATEGORIES, code, move, by=by, at=at)


@verb("catalogue.design")
def remove_catalogue(*, code: str, by: Actor, at: datetime) -> None:
    """Take an empty catalogue away; raises ``UnknownVersion``, ``RulesBroken`` where categories are left in it (CAT-08)."""
    row = _locked(CATALOGUES, code, by=by)
    inside = list(Category.objects.filter(catalogue_id=row.id).order_by("code").values_list("code", flat=True))
    require(collect((holds_nothing, {"category": Coded.of(row, code), "inside": Way(tuple(named(inside)), between=", ")})))
    publish(events.ShelfRemoved(subject_id=row.id, org_id=row.org_id, noun=CATALOGUES, code=code), by=by, at=at)
    row.delete()


@verb("catalogue.design")
def categorise_offering(*, code: str, categories: Sequence[str], by: Actor, at: datetime) -> None:
    """Let an offering, in all its versions, stand in these categories and in no other, last among what stands there already.

    Where an offering stands is its owner's to say, whoever the category belongs to: a province's offer is found among the group's.
    Raises ``UnknownVersion`` for a category or offering that there is not, ``BeyondOwnArea`` for an offering of another owner and
    for a place that another owner gave it.
    """
    owner = Offering.objects.filter(code=code).order_by("-version").values_list("org_id", flat=True).first()
    if owner is None:
        raise UnknownVersion(noun=_("offering"))
    require_own(owner, by=by)
    held = {member.category.code: member for member in CategoryMember.objects.filter(offering_code=code).select_related("category")}
    for category in sorted(set(held) ^ set(categories)):
        take_turns(CATEGORIES, category)
        row = Category.objects.filter(code=category).first()
        if row is None:
            raise UnknownVersion(noun=_("category"))
        if category in held:
            require_own(held[category].org_id, by=by)
            held[category].delete()
        else:
            last = CategoryMember.objects.filter(category_id=row.id).aggregate(last=Max("position"))["last"]
            CategoryMember.objects.create(org_id=owner, category_id=row.id, offering_code=code, position=0 if last is None else last + 1)
        publish(events.ShelfChanged(subject_id=row.id, org_id=owner, noun=CATEGORIES, code=category), by=by, at=at)
