"""Qualifications: asked as an official document, judged by the room of orders, recorded with every reason and what would do instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue.queries import references
from tongke.areas.catalogue.queries.board import codes_in_category
from tongke.areas.catalogue.states import SalesChannel
from tongke.areas.ordering import queries, services
from tongke.areas.ordering.queries import Qualification, Wanted
from tongke.areas.ordering.queries.record_items import ITEMS_IN_FULL, QUALIFICATION_ALTERNATES, QUALIFICATION_REASONS
from tongke.areas.ordering.states import ItemAction, Outcome
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.tmf.catalogue.qualification_shapes import ProductOfferingQualification, ProductOfferingQualificationItem
from tongke.tmf.catalogue.words import codes_of, told
from tongke.tmf.kit.declared import Change
from tongke.tmf.kit.mapping import Col, Const, Href, Listed, Many, Node, Obj
from tongke.tmf.kit.references import customer_among, customer_parts, known, record_of

Q = ProductOfferingQualification
ITEMS = "productOfferingQualificationItem"
ALTERNATES_MAX = 3
JUDGED = (ItemAction.ADD.value, ItemAction.MODIFY.value)
RESULTS = {Outcome.ELIGIBLE.value: "qualified", Outcome.CONDITIONAL.value: "qualified", Outcome.REFUSED.value: "unqualified"}
OFFERED: dict[str, Node] = {
    "id": Col("offering_id", loose=True), "href": Href("productCatalogManagement/v4/productOffering", "offering_id"),
    "name": Col("offering_name", loose=True), "@referredType": Const("ProductOffering"),
}
ITEM: dict[str, Node] = {
    "id": Col("word"), "action": Col("action"), "state": Col("state", loose=True), "qualificationItemResult": Col("result"),
    "productOffering": Obj(OFFERED),
    "eligibilityUnavailabilityReason": Many(QUALIFICATION_REASONS, on=("item_id", "id"), order="oxr.place", parts={
        "code": Col("code"), "label": Col("message_zh"), "labelEn": Col("message_en"), "mend": Col("advice_zh"), "mendEn": Col("advice_en"),
        "effect": Col("effect"), "rule": Col("rule")}),
    "alternateProductOfferingProposal": Many(QUALIFICATION_ALTERNATES, on=("item_id", "id"), order="oxa.place", parts={
        "id": Col("word"), "alternateProductOffering": Obj(OFFERED)}),
    "deposit": Obj({"unit": Col("currency"), "value": Col("deposit_asked")}), "penalty": Obj({"unit": Col("currency"), "value": Col("penalty_due")}),
}
QUALIFICATION: dict[str, Node] = {
    "id": Col("id"), "description": Col("description"), "state": Col("state"), "qualificationResult": Col("outcome", values=RESULTS),
    "effectiveQualificationDate": Col("completed_at"), "expectedPOQCompletionDate": Col("completed_at"), "expirationDate": Col("expires_at"),
    "productOfferingQualificationDate": Col("requested_at"), "channel": Obj({"id": Col("channel"), "name": Col("channel", loose=True)}),
    "place": Listed((Obj({"id": Col("place_id"), "href": Href("geographicAddressManagement/v4/geographicAddress", "place_id")}),), open=True),
    "relatedParty": Listed((Obj(customer_parts()),), open=True),
    ITEMS: Many(ITEMS_IN_FULL, on=("qualification_id", "id"), order="oqi.ordinal", parts=ITEM),
}


def create(document: Q, *, by: Actor, at: datetime) -> UUID:
    """Judge what is asked and record the answer; what may not be ordered comes with offerings that may, unless none are wanted."""
    items = document.product_offering_qualification_item or []
    asked = [_asked(item, place) for place, item in enumerate(items)]
    codes = [one.code for one in asked] or _codes(document)
    customer = customer_among(document.related_party) if document.related_party else None
    wanted = _wanted(document, items)
    said = known("relatedParty.id", customer, lambda: queries.qualify(customer, codes, wanted=wanted, by=by, at=at))
    only = bool(document.provide_only_available)
    if only:
        # What may not be ordered is not listed, so there is nothing to keep of it either.
        open_ = {one.code for one in said if one.outcome != Outcome.REFUSED}
        pairs = [(item, one) for item, one in zip(items, asked, strict=True) if one.code in open_]
        document.product_offering_qualification_item = [item for item, _one in pairs] or None
    others = {} if only or document.provide_alternative is False else _alternates(said, customer, wanted, by=by, at=at)
    draft = services.QualificationDraft(
        customer_id=customer, items=asked or [services.Asked(code=code) for code in codes or ()], wanted=wanted, description=document.description or "",
        only_available=only, beside={"alternates": others} if others else {})
    return services.record_qualification(draft=draft, by=by, at=at)


def _asked(item: ProductOfferingQualificationItem, place: int) -> services.Asked:
    path = f"{ITEMS}[{place}]"
    reference = item.product_offering or (item.product.product_offering if item.product else None)
    if reference is None:
        raise Invalid(what=f"{path}.productOffering", field=f"{path}.productOffering")
    action = told(item.action or ItemAction.ADD.value, JUDGED, f"{path}.action")
    return services.Asked(code=codes_of([reference], f"{path}.productOffering", references.offering_code)[0], given_id=item.id or "", action=action)


def _codes(document: Q) -> list[str] | None:
    """Return the codes of the category that is named; nothing (everything on sale) where none is."""
    if document.category is None:
        return None
    return codes_in_category(codes_of([document.category], "category", references.category_code)[0])


def _wanted(document: Q, items: Sequence[ProductOfferingQualificationItem]) -> Wanted:
    """Return where, on which line, through which channel and instead of what it would be ordered."""
    places = [one.id for one in document.place or () if one.id]
    products = [item.product for item in items if item.product]
    lines = [one.id for product in products for one in product.realizing_service or ()]
    return Wanted(
        place_id=record_of(places[0], "place.id") if places else None, line_id=record_of(lines[0], f"{ITEMS}.product.realizingService.id") if lines else None,
        channel=told(document.channel.id, SalesChannel.values, "channel.id") if document.channel else None,
        replacing=[record_of(item.product.id, f"{ITEMS}.product.id") for item in items
                   if item.action == ItemAction.MODIFY.value and item.product and item.product.id],
    )


def _alternates(said: Sequence[Qualification], customer: UUID | None, wanted: Wanted, *, by: Actor, at: datetime) -> Mapping[str, list[dict[str, Any]]]:
    """Return, for what may not be ordered, offerings of the same kind that may: those of the nearest fee first."""
    refused = [one for one in said if one.outcome == Outcome.REFUSED and one.offer is not None]
    if not refused:
        return {}
    named = {one.code for one in said}
    free = [one for one in queries.qualify(customer, None, wanted=wanted, by=by, at=at)
            if one.outcome != Outcome.REFUSED and one.code not in named and one.offer is not None]
    out: dict[str, list[dict[str, Any]]] = {}
    for one in refused:
        offer = one.offer
        alike = [other.offer for other in free if offer is not None and other.offer is not None and other.offer.kind == offer.kind]
        nearest = sorted(alike, key=lambda found, fee=offer.fee if offer else 0: (abs(found.fee - fee), found.code))  # type: ignore[misc]  # the default binds the fee
        if nearest:
            out[one.code] = [{"code": found.code, "id": str(catalogue.offering_on_sale(found.code, at=at).id)} for found in nearest[:ALTERNATES_MAX]]
    return out


def change(record_id: UUID, wanted: Change, *, by: Actor, at: datetime) -> None:
    """Say something else of it; what was asked and answered stays. Only its description is the record's own."""
    services.describe_qualification(qualification_id=record_id, description=wanted.after.description or "", by=by, at=at)


def remove(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a recorded qualification away."""
    services.discard_qualification(qualification_id=record_id, by=by, at=at)
