"""Promotions: designed as drafts, given share by share within a quota that holds whoever takes part at once (E11, E14).

A share is held with a key of the caller's (an order), used or given back; every step may be repeated. Who holds shares of
several promotions in one transaction does it in the order of their ids, so that no two wait for each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection

from tongke.areas.catalogue.models import BenefitGiven, Promotion, PromotionGrant
from tongke.areas.catalogue.queries.price_rows import promotion_of
from tongke.areas.catalogue.rules import discounts as rules
from tongke.areas.catalogue.rules.eligibility.words import Coded, Moment, Named
from tongke.areas.catalogue.rules.pricing import benefits
from tongke.areas.catalogue.rules.pricing.given import Agreed, worth_of
from tongke.areas.catalogue.states import PROMOTION_GRANT, GrantState, LifeCycle
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, NotFound
from tongke.kernel.rules import Broken, collect, require
from tongke.kernel.verb import verb

CONTENT = (
    "name_zh", "name_en", "description_zh", "description_en", "kind", "offering_codes", "category_codes", "price_codes", "segments", "levels",
    "channels", "sold_in", "new_customers_only", "existing_customers_only", "percent", "amount", "months", "points", "prestore_amount",
    "return_months", "term_months", "device_price", "floor_amount", "device_codes", "stacking_group", "stackable", "priority", "quota_total",
    "quota_per_customer", "hold_minutes", "valid_from", "valid_until", "note",
)
# What a designer does not set.
KEPT = ("id", "org_id", "code", "version", "state", "own_until", "used", "created_by", "created_at", "changed_at")
# What a campaign of each sort begins with; its designer changes what differs.
TEMPLATES: dict[str, dict[str, Any]] = {
    "prestore_return": {
        "kind": "prestore_return", "name_zh": "预存返还", "name_en": "Prestore and return", "prestore_amount": "240.00", "return_months": 12,
        "stacking_group": "prestore", "quota_per_customer": 1,
    },
    "contract_handset": {
        "kind": "handset_contract", "name_zh": "合约购机", "name_en": "Contract handset", "device_price": "2999.00", "amount": "1000.00",
        "term_months": 24, "floor_amount": "99.00", "stacking_group": "handset", "stackable": False, "quota_per_customer": 1,
    },
    "churn_save": {
        "kind": "percent_off", "name_zh": "老客户挽留", "name_en": "Retention offer", "percent": "30.00", "months": 6, "existing_customers_only": True,
        "stacking_group": "fee", "quota_per_customer": 1,
    },
    "port_in": {
        "kind": "months_free", "name_zh": "携入优惠", "name_en": "Port-in offer", "months": 3, "new_customers_only": True, "stacking_group": "fee",
        "quota_per_customer": 1,
    },
}


@dataclass(frozen=True, slots=True)
class Share:
    """One share of a promotion's quota as it stands."""

    id: UUID
    promotion_id: UUID
    state: str
    expires_at: datetime | None


@verb("catalogue.promote")
def design_promotion(*, code: str, org_id: int = 1, content: Mapping[str, Any], by: Actor, at: datetime) -> UUID:
    """Make the next version of a promotion as a draft of an organisation and return its id; ``content`` names fields of ``CONTENT``.

    Raises ``RulesBroken`` (CAT-167, CAT-175, CAT-177, CAT-178) and ``NotFound`` for an organisation out of scope.
    """
    if not by.sees(org_id):
        raise NotFound(field="org_id")
    fields = {"valid_from": at, **_of_content(content)}
    draft = Promotion(code=code, org_id=org_id, created_by=by.name, created_at=at, changed_at=at, **fields)
    _fit(draft)
    require(_broken(draft))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalogue_promotion'), hashtext(%s))", [code])
    newest = Promotion.objects.filter(code=code).order_by("-version").values_list("version", flat=True).first()
    draft.version = (newest or 0) + 1
    draft.save(force_insert=True)
    return draft.id


@verb("catalogue.promote")
def change_promotion(*, promotion_id: UUID, changes: Mapping[str, Any], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of verbs
    """Change a draft; raises as ``design_promotion``, and CAT-176 for a version that stands."""
    draft = Promotion.objects.select_for_update(of=("self",)).filter(id=promotion_id).first()
    if draft is None:
        raise NotFound
    if not rules.promotion_is_draft(code=draft.code, version=draft.version, state=draft.state):
        require([rules.promotion_is_draft.broken(code=Coded.of(draft, draft.code), version=draft.version, state=draft.get_state_display())])
    fields = _of_content(changes)
    for name, value in fields.items():
        setattr(draft, name, value)
    _fit(draft)
    require(_broken(draft))
    draft.changed_at = at
    draft.save(update_fields=[*fields, "changed_at"])


def _of_content(content: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(content) - set(CONTENT))
    if unknown:
        raise NotFound(field=unknown[0])
    return dict(content)


def _fit(draft: Promotion) -> None:
    """Bring every field to its type; raises ``Invalid`` for a value that cannot be."""
    empty = [name for name in CONTENT if getattr(draft, name) in (None, "", [])]
    lacking = next((name for name in ("name_zh", "name_en", "kind") if name in empty), None)
    if lacking:
        raise Invalid(field=lacking, what=lacking)
    for name in CONTENT:
        if name in empty:
            continue
        try:
            draft.clean_fields(exclude=[*(other for other in CONTENT if other != name), *KEPT])
        except (ValidationError, ValueError, TypeError) as fault:
            raise Invalid(field=name, what=name) from fault


def _broken(draft: Promotion) -> list[Broken]:
    why = benefits.why_impossible(promotion_of(_row(draft)).benefit)
    return collect(
        (benefits.benefit_can_be, {"code": Coded.of(draft, draft.code), "why": why}),
        (rules.quota_can_be, {"total": draft.quota_total, "each": draft.quota_per_customer}),
        None if draft.valid_until is None or rules.promotion_ends_later(start=draft.valid_from, until=draft.valid_until)
        else rules.promotion_ends_later.broken(start=Moment(draft.valid_from), until=Moment(draft.valid_until)),
        (rules.customers_do_not_contradict, {"new": draft.new_customers_only, "existing": draft.existing_customers_only}),
    )


def _row(version: Promotion) -> dict[str, Any]:
    """Return a version in the words in which prices are read."""
    row: dict[str, Any] = {name: getattr(version, name) for name in CONTENT}
    row |= {"of_categories": [], "id": "", "code": version.code, "version": version.version}
    row["valid_from"], row["valid_until"] = version.valid_from.isoformat(), version.valid_until.isoformat() if version.valid_until else None
    return row


@verb("catalogue.discount")
def hold_promotion(*, promotion_id: UUID, customer_id: UUID, org_id: int, key: str, by: Actor, at: datetime) -> Share:
    """Hold one share for a customer of ``org_id`` under the caller's ``key``, for the promotion's holding time.

    The same key again gives the same share and holds it on. Raises ``RulesBroken``: CAT-150 (not running), CAT-170 (used up), CAT-171
    (the customer's own quota), CAT-172 (another's key); ``NotFound`` for an unknown promotion or an organisation out of scope.
    """
    found = Promotion.objects.filter(id=promotion_id).values("code", "name_zh", "name_en", "state", "valid_from", "valid_until", "hold_minutes").first()
    if found is None or not by.sees(org_id):
        raise NotFound
    runs = found["state"] == LifeCycle.LAUNCHED and found["valid_from"] <= at and (found["valid_until"] is None or at < found["valid_until"])
    label = Coded(Named(found["name_zh"], found["name_en"]), found["code"])
    require(collect((benefits.promotion_runs, {"code": label, "runs": runs})))
    expires_at = at + timedelta(minutes=found["hold_minutes"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, share FROM catalogue_hold_promotion(%s, %s, %s, %s, %s, %s, %s)",
            [promotion_id, key, customer_id, org_id, by.name, expires_at, at],
        )
        outcome, share = cursor.fetchone()
    require(collect(
        (rules.quota_is_left, {"code": label, "outcome": outcome}),
        (rules.customer_quota_is_left, {"code": label, "outcome": outcome}),
        (rules.share_key_is_own, {"key": key, "outcome": outcome}),
    ))
    if share is None:
        raise NotFound
    return Share(share, promotion_id, outcome, expires_at if outcome == GrantState.HELD else None)


@verb("catalogue.discount")
def use_promotion(
    *, promotion_id: UUID, key: str, product_id: UUID | None = None, agreed: Agreed | None = None, by: Actor, at: datetime,
) -> Share:
    """Confirm the share held under ``key`` and keep what it gave, for ``product_id`` under the contract ``agreed``; used already changes nothing.

    Leaving that contract early gives back a part of it, where its term says so. Call it in the transaction that makes the product,
    which is the customer's own: products lie above this room. Raises CAT-173 (its time is over), CAT-174, ``NotFound``.
    """
    grant = _locked(promotion_id, key)
    if grant.state == GrantState.HELD:
        if grant.expires_at is not None and not rules.share_stands(expires_at=grant.expires_at, at=at):
            require([rules.share_stands.broken(expires_at=Moment(grant.expires_at))])
        # What it gives is written while it is held: from its use on the database lets nobody change that.
        _give(grant, product_id, agreed, at=at)
        PROMOTION_GRANT.move(grant, "use", by=by, at=at)
        PromotionGrant.objects.filter(id=grant.id).update(changed_at=at, expires_at=None)
    require(collect((rules.share_is_not_released, {"state": grant.state})))
    return Share(grant.id, promotion_id, grant.state, None)


def _give(grant: PromotionGrant, product_id: UUID | None, agreed: Agreed | None, *, at: datetime) -> None:
    """Keep what a share gives; a share that was given back and is used again gives what is said now."""
    benefit = promotion_of(_row(grant.promotion)).benefit
    BenefitGiven.objects.update_or_create(grant_id=grant.id, defaults={
        "org_id": grant.org_id, "customer_id": grant.customer_id, "product_id": product_id, "kind": benefit.kind, "given_at": at,
        "amount": worth_of(benefit, agreed), "currency": agreed.currency if agreed else "CNY", "prestore_amount": benefit.prestore,
        "points": benefit.points, "contract_from": agreed.starts_on if agreed else None, "contract_until": agreed.ends_on if agreed else None,
    })


@verb("catalogue.discount")
def release_promotion(*, promotion_id: UUID, key: str, reason: str = "", by: Actor, at: datetime) -> Share:
    """Give the share of ``key`` back, held or used (an order that was cancelled); given back already changes nothing. Raises ``NotFound``."""
    share = _share(promotion_id, key)
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalogue_return_share(%s, %s, %s, %s)", [share, reason, by.name, at])
        if not cursor.fetchone()[0]:
            raise NotFound
    return Share(share, promotion_id, GrantState.RELEASED, None)


@verb("catalogue.promote")
def reclaim_expired_shares(*, by: Actor, at: datetime) -> int:  # noqa: ARG001 - the shape of verbs
    """Give back every share of the actor's organisations whose holding time is over; returns how many. For the schedule: a used-up quota does so by itself."""
    wanted = Promotion.objects.filter(
        id__in=PromotionGrant.objects.filter(state=GrantState.HELD, expires_at__lte=at).values("promotion_id")).order_by("id")
    total = 0
    with connection.cursor() as cursor:
        for promotion_id in wanted.values_list("id", flat=True):
            cursor.execute("SELECT catalogue_reclaim_own_shares(%s, %s)", [promotion_id, at])
            total += cursor.fetchone()[0]
    return total


def _share(promotion_id: UUID, key: str) -> UUID:
    found = PromotionGrant.objects.filter(promotion_id=promotion_id, key=key).values_list("id", flat=True).first()
    if found is None:
        raise NotFound
    return found


def _locked(promotion_id: UUID, key: str) -> PromotionGrant:
    grant = PromotionGrant.objects.select_for_update(of=("self",)).filter(promotion_id=promotion_id, key=key).first()
    if grant is None:
        raise NotFound
    return grant
