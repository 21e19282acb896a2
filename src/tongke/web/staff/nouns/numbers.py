"""What the audit trail calls the records of numbers and grades and their fields."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

NOUNS: dict[str, Any] = {
    "resource_number": _("Telephone number"), "resource_number_allotment": _("Allotment to a pool"), "resource_number_block": _("Block of numbers"),
    "resource_number_commitment": _("Commitment for a fine number"), "resource_number_pool": _("Number pool"), "resource_number_range": _("Range of numbers"),
    "resource_grade": _("Grade of fine numbers"), "resource_grade_rule": _("Pattern of a grade"), "resource_grade_schedule": _("Table of grades"),
    "resource_policy": _("Figure of resource policy"),
}
FIELDS: dict[str, Any] = {
    "about": _("In words"), "assigned_to": _("Assigned to the line"), "block_id": _("Block of numbers"), "cooling_until": _("Cools until"),
    "document": _("Paper of the regulator"), "donor": _("Donor operator"), "dry_below": _("Warn below so many free"), "dry_days": _("Warn below so many days"),
    "dry_since": _("Running dry since"), "ends_on": _("Ends on"), "exempt_after_term": _("Nothing more after its term"), "first": _("First number"),
    "floor_while_suspended": _("Floor also while suspended"), "gauged_at": _("Gauged at"), "grade": _("Grade"), "grade_code": _("Grade"),
    "graded_by": _("Graded by the table"), "held_until": _("Held until"), "hold_id": _("Hold of a number"), "last": _("Last number"), "made_by": _("Made by"),
    "monthly_floor": _("Monthly floor"), "number_id": _("Telephone number"), "operator": _("Other operator"), "pool_id": _("Number pool"),
    "prestore": _("Prestore"), "range_id": _("Range of numbers"), "rank": _("Rank"), "schedule_id": _("Table of grades"), "since": _("Since"),
    "spread": _("Random place"), "starts_on": _("Starts on"), "taken_per_day": _("Taken a day"), "term_months": _("Term in months"),
    "penalty_percent": _("Penalty in percent"), "penalty": _("Penalty"),
}
