"""Rules of who may order what, as dated data."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.catalogue.models.version import Version
from tongke.areas.catalogue.states import LifeCycle, RuleEffect, RuleKind, RuleSubject
from tongke.kernel.ids import uuid7


class EligibilityRule(Version):
    """One version of an eligibility rule (受理规则); ``parameters`` have the shape of its ``kind`` (rules/eligibility).

    The rule binds in the organisation ``org_id`` and all below it, from ``valid_from`` until ``valid_until``. ``says`` and
    ``mend`` replace the kind's own sentences where they are not empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    subject_kind = models.CharField(max_length=10, choices=RuleSubject.choices)
    subject_code = models.CharField(max_length=40, blank=True, default="")
    kind = models.CharField(max_length=12, choices=RuleKind.choices)
    parameters = models.JSONField(default=dict)
    effect = models.CharField(max_length=8, choices=RuleEffect.choices, default=RuleEffect.REFUSE)
    says_zh = models.CharField(max_length=300, blank=True, default="")
    says_en = models.CharField(max_length=300, blank=True, default="")
    mend_zh = models.CharField(max_length=300, blank=True, default="")
    mend_en = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        db_table = "catalogue_rule"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="rule_version_once"),
            models.UniqueConstraint(
                fields=["code"], name="rule_launched_once", condition=models.Q(state=LifeCycle.LAUNCHED, valid_until__isnull=True),
            ),
        ]
