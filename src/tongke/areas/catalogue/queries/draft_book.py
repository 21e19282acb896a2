"""The rule book as if a version that is not on sale yet were: for trying a draft against a customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tongke.areas.catalogue.errors import UnknownOffering
from tongke.areas.catalogue.models import BundlePart, Offering
from tongke.areas.catalogue.queries.rule_book import category_names, offers_known, org_names, org_path, rule_versions
from tongke.areas.catalogue.rules.eligibility import Named, Offer, RuleBook, compile_book


def book_with(offering_id: UUID, org_id: int, *, at: datetime) -> RuleBook:
    """Return the rules of an organisation at ``at`` with this version on sale there, whatever its state. Raises ``UnknownOffering``."""
    row = Offering.objects.filter(id=offering_id).first()
    if row is None:
        raise UnknownOffering(offering=offering_id)
    path = org_path(org_id)
    known = {offer.code: offer for offer in offers_known(path, at=at)}
    parts = list(BundlePart.objects.filter(offering_id=offering_id).order_by("position", "part_code").values_list("part_code", "quantity_min"))
    before = known.get(row.code, Offer(code=row.code, kind=row.kind, name=Named(row.name_zh, row.name_en)))
    known[row.code] = replace(
        before, kind=row.kind, name=Named(row.name_zh, row.name_en), version=row.version, fee=row.monthly_fee, segments=tuple(row.segments),
        channels=tuple(row.channels), sold_in=tuple(row.sold_in), on_sale=row.sellable and row.org_id in path,
        parts=tuple(code for code, _least in parts), always=tuple(code for code, least in parts if least),
    )
    return compile_book(rule_versions(path, at=at), list(known.values()), revision=0, orgs=org_names(), categories=category_names())
