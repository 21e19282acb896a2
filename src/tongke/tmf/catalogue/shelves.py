"""Writing catalogues and categories: changed in place, moved along a life of their own, taken away when empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.catalogue import services
from tongke.areas.catalogue.queries import contents, references
from tongke.areas.catalogue.states import LifeCycle
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.kernel.machine import IllegalMove
from tongke.tmf.catalogue.reading import STATES
from tongke.tmf.catalogue.shapes import Catalog, Category
from tongke.tmf.catalogue.specification_content import named
from tongke.tmf.catalogue.versions import home, own_code, sent
from tongke.tmf.catalogue.words import OURS, codes_of, offering_codes
from tongke.tmf.kit.declared import Change
from tongke.tmf.kit.references import known, record_of

Facts = dict[str, Any]
L = LifeCycle
MOVES: Mapping[tuple[str, str], str] = {(L.LAUNCHED, L.RETIRED): "retire", (L.RETIRED, L.LAUNCHED): "relaunch", (L.RETIRED, L.OBSOLETE): "withdraw"}


def _stands(document: Catalog | Category) -> None:
    """A catalogue or category is there at once. Raises ``IllegalMove`` where a document says otherwise."""
    if document.lifecycle_status is not None and OURS[document.lifecycle_status] != L.LAUNCHED:
        raise IllegalMove(verb=document.lifecycle_status, state="-", possible=STATES[L.LAUNCHED], field="lifecycleStatus")


def _move(verb: Callable[..., None], code: str, wanted: Change, *, by: Actor, at: datetime) -> None:
    if "lifecycleStatus" not in wanted.changed:
        return
    before, after = wanted.before.lifecycle_status, wanted.after.lifecycle_status
    if after is None:
        raise Invalid(what="lifecycleStatus", field="lifecycleStatus")
    move = MOVES.get((OURS[before], OURS[after]))
    if move is None:
        possible = ", ".join(STATES[end] for start, end in MOVES if start == OURS[before])
        raise IllegalMove(verb=after, state=before, possible=possible or "-", field="lifecycleStatus")
    verb(code=code, move=move, by=by, at=at)


def create_catalogue(document: Catalog, *, by: Actor, at: datetime) -> UUID:
    """Make a catalogue."""
    _stands(document)
    facts = {"org_id": home(by)} | named(document, sent(document), {})
    return services.add_catalogue(code=own_code("CL", document.code, at=at), content=facts, by=by, at=at)


def change_catalogue(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Change a catalogue's words, then its state."""
    code = references.catalogue_code(record_id)
    current = contents.tree()[0][code].model_dump()
    facts = named(wanted.after, wanted.changed, current)
    if facts:
        services.set_catalogue(code=code, content={**current, **facts}, by=by, at=at)
    _move(services.move_catalogue, code, wanted, by=by, at=at)


def remove_catalogue(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take an empty catalogue away."""
    services.remove_catalogue(code=references.catalogue_code(record_id), by=by, at=at)


def create_category(document: Category, *, by: Actor, at: datetime) -> UUID:
    """Make a category below its parent, or at the root of its catalogue."""
    _stands(document)
    facts = {"org_id": home(by)} | _category_facts(document, sent(document), {})
    return services.add_category(code=own_code("CG", document.code, at=at), content=facts, by=by, at=at)


def change_category(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Change a category's words, place and offerings, then its state."""
    code = references.category_code(record_id)
    current = contents.tree()[1][code].model_dump()
    facts = _category_facts(wanted.after, wanted.changed, current)
    if facts:
        services.set_category(code=code, content={**current, **facts}, by=by, at=at)
    _move(services.move_category, code, wanted, by=by, at=at)


def remove_category(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take an empty category away."""
    services.remove_category(code=references.category_code(record_id), by=by, at=at)


def _category_facts(document: Category, wanted: frozenset[str], current: Mapping[str, Any]) -> Facts:
    out = named(document, wanted, current)
    if wanted & {"parentId", "isRoot"}:
        out["parent"] = _parent(document, wanted)
    if "productOffering" in wanted:
        out["offerings"] = list(dict.fromkeys(offering_codes(document.product_offering, "productOffering")))
    if "catalog" in wanted or not current or out.get("parent"):
        out["catalogue"] = _catalogue(document, out.get("parent"))
    return out


def _parent(document: Category, wanted: frozenset[str]) -> str | None:
    """Return the code of the parent. Raises ``Invalid`` where a root has one, or a branch none."""
    if "isRoot" in wanted and document.is_root is not None and document.is_root == (document.parent_id is not None):
        raise Invalid(what="isRoot, parentId", field="parentId")
    if document.parent_id is None:
        return None
    key = record_of(document.parent_id, "parentId")
    return known("parentId", document.parent_id, lambda: references.category_code(key))


def _catalogue(document: Category, parent: str | None) -> str:
    """Return the code of the catalogue: the one that is named, else the parent's, else the only one. Raises ``Invalid``."""
    if document.catalog is not None:
        return codes_of([document.catalog], "catalog", references.catalogue_code)[0]
    if parent is not None:
        return str(contents.tree()[1][parent].catalogue)
    only = references.only_catalogue()
    if only is None:
        raise Invalid(what="catalog", field="catalog")
    return only
