"""Verbs of the catalogue room."""

from tongke.areas.catalogue.services.discounts import (
    grant_discount,
    release_discount,
    request_discount,
    set_discount_authority,
    use_discount,
)
from tongke.areas.catalogue.services.offerings import publish_offering
from tongke.areas.catalogue.services.promotions import (
    TEMPLATES,
    Share,
    change_promotion,
    design_promotion,
    hold_promotion,
    reclaim_expired_shares,
    release_promotion,
    use_promotion,
)
from tongke.areas.catalogue.services.rules_book import RuleDraft, change_draft, discard_draft, draft_rule, end_rule, put_rule_in_force

__all__ = [
    "TEMPLATES",
    "RuleDraft",
    "Share",
    "change_draft",
    "change_promotion",
    "design_promotion",
    "discard_draft",
    "draft_rule",
    "end_rule",
    "grant_discount",
    "hold_promotion",
    "publish_offering",
    "put_rule_in_force",
    "reclaim_expired_shares",
    "release_discount",
    "release_promotion",
    "request_discount",
    "set_discount_authority",
    "use_discount",
    "use_promotion",
]
