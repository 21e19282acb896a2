"""Verbs of the catalogue room."""

from tongke.areas.catalogue.services.offerings import publish_offering
from tongke.areas.catalogue.services.rules_book import RuleDraft, change_draft, discard_draft, draft_rule, end_rule, put_rule_in_force

__all__ = ["RuleDraft", "change_draft", "discard_draft", "draft_rule", "end_rule", "publish_offering", "put_rule_in_force"]
