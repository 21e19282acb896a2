"""Writing versions: documents become drafts, drafts are edited, and lifecycleStatus moves along the room's life cycle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.catalogue import services
from tongke.areas.catalogue.queries import references
from tongke.areas.catalogue.queries.contents import Standing, version_said
from tongke.areas.catalogue.states import LifeCycle
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, NotFound
from tongke.kernel.machine import IllegalMove
from tongke.kernel.numbering import take_numbers
from tongke.tmf.catalogue.offering_content import offering_facts
from tongke.tmf.catalogue.offering_shapes import ProductOffering, ProductOfferingPrice
from tongke.tmf.catalogue.price_content import price_facts
from tongke.tmf.catalogue.reading import STATES
from tongke.tmf.catalogue.shapes import ProductSpecification
from tongke.tmf.catalogue.specification_content import specification_facts
from tongke.tmf.catalogue.words import OURS, codes_of
from tongke.tmf.kit.declared import Change
from tongke.tmf.kit.references import known, record_of
from tongke.tmf.kit.shapes import Shape

SPECIFICATIONS, OFFERINGS = "specifications", "offerings"
CODE_DIGITS = 6
L = LifeCycle
REASON = "TMF620"
Verb = Callable[..., None]
# The verb by where a version's life stands and where it shall go.
MOVES: Mapping[tuple[str, str], Verb] = {
    (L.IN_STUDY, L.IN_TEST): services.test_version, (L.IN_DESIGN, L.IN_TEST): services.test_version, (L.IN_TEST, L.IN_DESIGN): services.redesign_version,
    (L.IN_STUDY, L.REJECTED): services.reject_version, (L.IN_DESIGN, L.REJECTED): services.reject_version,
    (L.IN_TEST, L.REJECTED): services.reject_version, (L.IN_TEST, L.ACTIVE): services.approve_version,
    (L.ACTIVE, L.LAUNCHED): services.launch_version, (L.LAUNCHED, L.ACTIVE): services.recall_launch, (L.LAUNCHED, L.RETIRED): services.retire_version,
    (L.ACTIVE, L.OBSOLETE): services.withdraw_version, (L.RETIRED, L.OBSOLETE): services.withdraw_version,
}
# Those that say why.
REASONED: tuple[Verb, ...] = (services.redesign_version, services.reject_version, services.retire_version, services.withdraw_version)
TIMED: Mapping[Verb, Callable[[datetime | None, datetime | None], dict[str, Any]]] = {
    services.launch_version: lambda begins_at, _ends_at: {"effective_at": begins_at},
    services.retire_version: lambda _begins_at, ends_at: {"effective_at": ends_at},
}


def said(noun: str, record_id: UUID) -> Standing:
    """Return a version and what it says; raises ``NotFound``."""
    found = version_said(noun, record_id)
    if found is None:
        raise NotFound
    return found


def sent(document: Shape) -> frozenset[str]:
    """Return the official names of what a document says."""
    return frozenset(document.document())


def own_code(series: str, given: str | None, *, at: datetime) -> str:
    """Return the code that was given, else the next of a series."""
    return given or take_numbers(series, count=1, on=at.date(), digits=CODE_DIGITS)[0]


def home(by: Actor) -> int:
    """Return the organisation that owns what the actor creates: the actor's own, the whole operator for those above all."""
    return by.base_org_id or 1


def begins(document: Any) -> None:
    """A version begins in design. Raises ``IllegalMove`` where a document says otherwise."""
    status = getattr(document, "lifecycle_status", None)
    if status is not None and OURS[status] != LifeCycle.IN_DESIGN:
        raise IllegalMove(verb=status, state="-", possible=STATES[LifeCycle.IN_DESIGN], field="lifecycleStatus")


def move(noun: str, record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Move a version to the state that a patch names, if it names one; ``validFor`` says from when on sale and until when.

    Raises ``Invalid``, ``IllegalMove`` with what is possible, and what the verbs refuse.
    """
    start, period = OURS[wanted.before.lifecycle_status], wanted.after.valid_for
    begins_at = period.start_date_time if period else None
    ends_at = period.end_date_time if period else None
    if "lifecycleStatus" not in wanted.changed:
        if "validFor" in wanted.changed and start == L.LAUNCHED:
            _end(noun, record_id, wanted, ends_at, by=by, at=at)
        return
    after = wanted.after.lifecycle_status
    if after is None:
        raise Invalid(what="lifecycleStatus", field="lifecycleStatus")
    verb = MOVES.get((start, OURS[after]))
    if verb is None:
        possible = ", ".join(STATES[end] for begin, end in MOVES if begin == start)
        raise IllegalMove(verb=after, state=wanted.before.lifecycle_status, possible=possible or "-", field="lifecycleStatus")
    more = TIMED[verb](begins_at if begins_at and begins_at > at else None, ends_at if "validFor" in wanted.changed else None) if verb in TIMED else {}
    verb(noun=noun, version_id=record_id, by=by, at=at, **more, **({"reason": REASON} if verb in REASONED else {}))


def _end(noun: str, record_id: UUID, wanted: Change, ends_at: datetime | None, *, by: Actor, at: datetime) -> None:
    """End the sale of a version at the end of its period. Raises ``Invalid`` for anything else that would change the period."""
    before = wanted.before.valid_for
    if ends_at is None or (before and wanted.after.valid_for.start_date_time != before.start_date_time):
        raise Invalid(what="validFor", field="validFor")
    services.retire_version(noun=noun, version_id=record_id, effective_at=ends_at, reason=REASON, by=by, at=at)


def create_specification(document: ProductSpecification, *, by: Actor, at: datetime) -> UUID:
    """Draft a version of a product's specification."""
    begins(document)
    facts = {"org_id": home(by)} | specification_facts(document, sent(document), {})
    code = own_code("SP", document.product_number, at=at)
    return services.draft_version(noun=SPECIFICATIONS, code=code, content=facts, unfinished=True, by=by, at=at)


def change_specification(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Edit a draft, then move it."""
    found = said(SPECIFICATIONS, record_id)
    _edit(found, specification_facts(wanted.after, wanted.changed, found.content.model_dump()), by=by, at=at)
    move(SPECIFICATIONS, record_id, wanted, by=by, at=at)


def remove_specification(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Discard a draft."""
    services.discard_version(noun=SPECIFICATIONS, version_id=record_id, by=by, at=at)


def _edit(found: Standing, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Put facts into a draft as it was read: what somebody else changed meanwhile is not written over. Raises ``Conflict``."""
    if facts:
        services.edit_version(
            noun=found.noun, version_id=found.id, content={**found.content.model_dump(), **facts}, seen_at=found.changed_at, unfinished=True, by=by, at=at)


def create_offering(document: ProductOffering, *, by: Actor, at: datetime) -> UUID:
    """Draft a version of an offering; what it lacks is asked for when it is to be tested."""
    begins(document)
    facts = {"org_id": home(by)} | offering_facts(document, sent(document), {}, {})
    code = own_code("OF", document.code, at=at)
    made = services.draft_version(noun=OFFERINGS, code=code, content=facts, unfinished=True, by=by, at=at)
    if document.category is not None:
        _categorise(code, document, by=by, at=at)
    return made


def change_offering(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Edit a draft, put the offering into other categories, then move the version along its life."""
    found = said(OFFERINGS, record_id)
    _edit(found, offering_facts(wanted.after, wanted.changed, found.content.model_dump(), references.prices_of(record_id)), by=by, at=at)
    if "category" in wanted.changed:
        _categorise(found.code, wanted.after, by=by, at=at)
    move(OFFERINGS, record_id, wanted, by=by, at=at)


def _categorise(code: str, document: ProductOffering, *, by: Actor, at: datetime) -> None:
    """Let an offering, in all its versions, stand in the categories that the document names and in no other."""
    services.categorise_offering(code=code, categories=codes_of(document.category, "category", references.category_code), by=by, at=at)


def remove_offering(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Discard a draft."""
    services.discard_version(noun=OFFERINGS, version_id=record_id, by=by, at=at)


def create_price(document: ProductOfferingPrice, *, by: Actor, at: datetime) -> UUID:
    """Add a price to a draft of the offering that it names, and return the price's id."""
    begins(document)
    if document.product_offering is None:
        raise Invalid(what="productOffering", field="productOffering")
    offering = record_of(document.product_offering.id, "productOffering.id")
    current = known("productOffering.id", offering, lambda: said(OFFERINGS, offering))
    before = references.prices_of(offering)
    price = price_facts(document, {}, {str(one["code"]) for one in before.values()})
    _put_prices(current, [*before.values(), price], document, by=by, at=at)
    return next(key for key in reversed(references.prices_of(offering)) if key not in before)


def _put_prices(current: Standing, prices: list[Any], document: ProductOfferingPrice | None, *, by: Actor, at: datetime) -> None:
    facts: dict[str, Any] = {"prices": prices}
    if document is not None and document.price is not None and document.price.unit and len(prices) == 1:
        facts["currency"] = document.price.unit
    _edit(current, facts, by=by, at=at)


def change_price(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Put other words into a price of a draft. Raises ``Invalid`` for a state: a price lives with its offering."""
    if "lifecycleStatus" in wanted.changed:
        raise Invalid(what="lifecycleStatus", field="lifecycleStatus")
    offering = references.offering_of_price(record_id)
    current, prices = said(OFFERINGS, offering), references.prices_of(offering)
    taken = {str(one["code"]) for key, one in prices.items() if key != record_id}
    prices[record_id] = price_facts(wanted.after, prices[record_id], taken)
    _put_prices(current, list(prices.values()), wanted.after, by=by, at=at)


def remove_price(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a price from a draft."""
    offering = references.offering_of_price(record_id)
    current = said(OFFERINGS, offering)
    left = [one for key, one in references.prices_of(offering).items() if key != record_id]
    _put_prices(current, left, None, by=by, at=at)
