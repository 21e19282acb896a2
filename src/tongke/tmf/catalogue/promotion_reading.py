"""How promotions read and are written: the official pattern of criteria and actions over a promotion's typed row."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries.record_items import (
    ACTION_COLUMNS,
    ANYTHING,
    CRITERIA_COLUMNS,
    CRITERIA_FLAGS,
    GIFT,
    PROMOTION_ACTIONS,
    PROMOTION_CRITERIA,
)
from tongke.areas.catalogue.states import PromotionKind
from tongke.kernel.errors import Invalid, Refused
from tongke.tmf.catalogue.promotion_shapes import Promotion, PromotionAction, PromotionCriteria, PromotionPattern
from tongke.tmf.catalogue.reading import COMMON, DESCRIBED, VALID, VERSION
from tongke.tmf.catalogue.specification_content import named
from tongke.tmf.catalogue.words import told
from tongke.tmf.kit.mapping import Col, Const, Listed, Many, Node, Obj, Said, Sql

K = PromotionKind
TYPES: Mapping[str, str] = {
    K.PERCENT_OFF.value: "Discount", K.AMOUNT_OFF.value: "Reduction", K.MONTHS_FREE.value: "Reduction", K.PRESTORE_RETURN.value: "Award",
    K.HANDSET_CONTRACT.value: "Award", K.GIFT_POINTS.value: "Award",
}
# The kind that a promotion is of by what it gives, the most telling first.
KINDS = (
    ("points", K.GIFT_POINTS), ("prestore_amount", K.PRESTORE_RETURN), ("device_codes", K.HANDSET_CONTRACT), ("device_price", K.HANDSET_CONTRACT),
    ("percent", K.PERCENT_OFF), ("amount", K.AMOUNT_OFF), ("months", K.MONTHS_FREE),
)
WHOLE = frozenset({"months", "points", "return_months", "term_months"})
MAIN = "main"
AND, OR = "AND", "OR"
CRITERIA: dict[str, Node] = {"id": Col("parameter", loose=True), "criteriaParameter": Col("parameter"), "criteriaOperator": Col("operator"), "criteriaValue": Col("value")}
GROUP = Obj({
    "id": Sql("id", f"'{MAIN}'"), "groupName": Const("conditions"), "criteriaLogicalRelationship": Const("AND"),
    "criteria": Many(PROMOTION_CRITERIA, on=("promotion_id", "id"), order="kxmc.place", parts=CRITERIA),
})
PATTERN = Obj({
    "id": Sql("id", f"'{MAIN}'"), "priority": Sql("priority", "(- {column})"), "criteriaGroupLogicalRelationship": Const("AND"),
    "criteriaGroup": Listed((GROUP,)),
    "action": Many(PROMOTION_ACTIONS, on=("promotion_id", "id"), order="kxna.place",
                   parts={"id": Col("word", loose=True), "actionType": Col("word"), "actionValue": Col("value", loose=True)}),
})
PROMOTION: dict[str, Node] = COMMON | DESCRIBED | {
    "validFor": VALID, "code": Col("code"), "version": VERSION, "promotionType": Said("promotion", "promotionType", Col("kind", values=TYPES)), "kind": Col("kind"),
    "pattern": Listed((PATTERN,)), "stackingGroup": Col("stacking_group"), "stackable": Col("stackable"), "quotaTotal": Col("quota_total"),
    "quotaPerCustomer": Col("quota_per_customer"), "used": Col("used"), "holdMinutes": Col("hold_minutes"),
}
PLAIN = {"stackingGroup": "stacking_group", "stackable": "stackable", "quotaTotal": "quota_total", "quotaPerCustomer": "quota_per_customer",
         "holdMinutes": "hold_minutes"}


class ConditionsApart(Refused):
    """More than one set of conditions, or sets of which another would do as well."""

    code = "TMF-21"
    says = _("{what}: a promotion has one group of conditions that all hold together (AND)")
    mend = _("Put conditions that hold together into one group, and join the values of one condition by commas; for each alternative draft a "
             "promotion of its own in one stackingGroup, of which a customer is given only one")
    status = 422


def promotion_facts(document: Promotion, wanted: frozenset[str], current: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of the attributes ``wanted`` a version of a promotion says; ``current`` holds at least its names, empty for a new one."""
    out = named(document, wanted, current)
    for official, ours in PLAIN.items():
        value = getattr(document, ours)
        if official in wanted:
            out[ours] = value if value is not None or ours == "quota_total" else ("" if ours == "stacking_group" else None)
    if "pattern" in wanted:
        out |= _pattern(document.pattern or [])
    if "kind" in wanted and document.kind is not None:
        out["kind"] = told(document.kind, PromotionKind.values, "kind")
    elif not current:
        out["kind"] = next((kind.value for name, kind in KINDS if out.get(name)), K.PERCENT_OFF.value)
    if "validFor" in wanted and document.valid_for is not None:
        out |= {"valid_until": document.valid_for.end_date_time} | ({"valid_from": document.valid_for.start_date_time} if document.valid_for.start_date_time else {})
    return {name: value for name, value in out.items() if value is not None or name in {"quota_total", "valid_until", *ACTION_COLUMNS.values()}}


def _pattern(patterns: list[PromotionPattern]) -> dict[str, Any]:
    """Return conditions and benefits; there is one pattern with one group of conditions that all hold.

    A document reads back as it was sent, so that groups are not put together here. Raises ``Invalid``, ``ConditionsApart``.
    """
    out: dict[str, Any] = {column: [] for column in CRITERIA_COLUMNS.values()} | dict.fromkeys(CRITERIA_FLAGS.values(), False)
    out |= dict.fromkeys(ACTION_COLUMNS.values()) | {"device_codes": []}
    if len(patterns) > 1:
        raise ConditionsApart(what="pattern", field="pattern")
    for pattern in patterns:
        if pattern.priority is not None:
            out["priority"] = -pattern.priority
        joined = told((pattern.criteria_group_logical_relationship or AND).upper(), (AND, OR), "pattern.criteriaGroupLogicalRelationship")
        if joined == OR or len(pattern.criteria_group) > 1:
            raise ConditionsApart(what="pattern.criteriaGroup", field="pattern.criteriaGroup")
        for group in pattern.criteria_group:
            path = "pattern.criteriaGroup.criteriaLogicalRelationship"
            if told((group.criteria_logical_relationship or AND).upper(), (AND, OR), path) == OR:
                raise ConditionsApart(what=path, field=path)
            for criterion in group.criteria:
                out |= _criterion(criterion)
        for action in pattern.action:
            out |= _action(action)
    return out


def _criterion(item: PromotionCriteria) -> dict[str, Any]:
    path = "pattern.criteriaGroup.criteria"
    told(item.criteria_operator.strip(), ("=",), f"{path}.criteriaOperator")
    values = [part.strip() for part in item.criteria_value.split(",") if part.strip()]
    if item.criteria_parameter in CRITERIA_FLAGS:
        return {CRITERIA_FLAGS[item.criteria_parameter]: told(item.criteria_value, ("true", "false"), f"{path}.criteriaValue") == "true"}
    column = CRITERIA_COLUMNS[told(item.criteria_parameter, (*CRITERIA_COLUMNS, *CRITERIA_FLAGS), f"{path}.criteriaParameter")]
    if column == "sold_in":
        return {column: [_whole(value, f"{path}.criteriaValue") for value in values]}
    return {column: [] if values == [ANYTHING] else values}


def _whole(value: str, path: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > len("2000000000"):
        raise Invalid(what=path, field=path)
    return int(value)


def _action(item: PromotionAction) -> dict[str, Any]:
    path, value = "pattern.action.actionValue", (item.action_value or "").strip()
    if item.action_type == GIFT:
        return {"device_codes": [part.strip() for part in value.split(",") if part.strip()]}
    column = ACTION_COLUMNS[told(item.action_type, (*ACTION_COLUMNS, GIFT), "pattern.action.actionType")]
    if column in WHOLE:
        return {column: _whole(value, path)}
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise Invalid(what=path, field=path) from None
    if not number.is_finite():
        raise Invalid(what=path, field=path)
    return {column: number}
