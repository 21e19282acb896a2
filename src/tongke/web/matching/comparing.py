"""What the comparison page shows of two records: field by field, list by list, and what each side holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tongke.areas.account import queries as accounts
from tongke.areas.inventory import queries as inventory
from tongke.areas.party.states import CustomerState, DocumentKind, Level, MediumKind, PartyState, Segment
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor, acting
from tongke.web.kit import formatting

# Fields that a merge lets choose, in the order of the page.
FIELDS: dict[str, Any] = {
    "name": _("Name"), "gender": _("Gender"), "birth_on": _("Date of birth"), "nationality": _("Nationality"), "occupation": _("Occupation"),
    "industry": _("Industry"), "language": _("Language"), "segment": _("Segment"), "level": _("Level"), "manager_id": _("Account manager"),
    "characteristics": _("Further data"),
}
WORDS: Mapping[str, Mapping[str, Any]] = {
    "segment": dict(Segment.choices), "level": dict(Level.choices), "gender": {"male": _("Male"), "female": _("Female"), "other": _("Other")},
    "language": dict(settings.LANGUAGES),
}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field on both sides; ``choice`` is the side taken unless somebody decides otherwise."""

    name: str
    label: Any
    left: str
    right: str
    same: bool
    choice: str


def _shown(field: str, value: Any, managers: Mapping[UUID, str]) -> str:
    if value in (None, "", {}, []):
        return ""
    if field == "manager_id":
        return managers.get(UUID(str(value)), "–")
    if isinstance(value, dict):
        return ", ".join(f"{k}: {v}" for k, v in value.items())
    return str(WORDS.get(field, {}).get(value, value))


def field_rows(left: Mapping[str, Any], right: Mapping[str, Any], *, survivor: str, chosen: Mapping[str, str]) -> list[FieldRow]:
    """The fields of both sides; the survivor's value is taken, the other's where the survivor has none."""
    kept_by = [UUID(str(s["manager_id"])) for s in (left, right) if s["manager_id"]]
    managers = {key: formatting.name(person) for key, person in staff.staff_names(kept_by).items()}
    both_customers = left["customer_id"] is not None and right["customer_id"] is not None
    first, other = ("left", "right") if survivor == "left" else ("right", "left")
    sides = {"left": left, "right": right}
    rows = []
    for name, label in FIELDS.items():
        if name in ("segment", "level", "manager_id") and not both_customers:
            continue
        mine, theirs = (_shown(name, sides[s][name], managers) for s in (first, other))
        if not mine and not theirs:
            continue
        taken = chosen.get(name) or (other if not mine and theirs else first)
        rows.append(FieldRow(
            name, label, _shown(name, left[name], managers), _shown(name, right[name], managers), left[name] == right[name], taken,
        ))
    return rows


def holdings(side: Mapping[str, Any], *, by: Actor) -> list[tuple[Any, int]]:
    """How many accounts and lines the side brings along, as far as the actor may see them."""
    customer_id = side["customer_id"]
    if customer_id is None:
        return []
    out: list[tuple[Any, int]] = []
    with acting(by):
        if by.may("account.view"):
            out.append((_("Accounts"), len(accounts.accounts_of_customer(UUID(customer_id), by=by))))
        if by.may("inventory.view"):
            out.append((_("Lines"), inventory.lines_of_customer(UUID(customer_id), by=by).count()))
    return out


def worded(side: Mapping[str, Any]) -> dict[str, Any]:
    """A side with its coded words written out."""
    return {
        **side,
        "state_words": dict(PartyState.choices).get(side["state"], side["state"]),
        "customer_state_words": dict(CustomerState.choices).get(side["customer_state"], ""),
        "documents": [{**d, "kind": dict(DocumentKind.choices).get(d["kind"], d["kind"])} for d in side["documents"]],
        "media": [{**m, "kind": dict(MediumKind.choices).get(m["kind"], m["kind"])} for m in side["media"]],
    }


def likely_survivor(left: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    """The side that should survive unless somebody decides otherwise: verified, then a customer, more complete, older."""
    def rank(side: Mapping[str, Any]) -> tuple[bool, bool, int]:
        return side["state"] == "validated", side["customer_id"] is not None, side["completeness"]

    if rank(left) != rank(right):
        return "left" if rank(left) > rank(right) else "right"
    return "left" if left["created_at"] <= right["created_at"] else "right"
