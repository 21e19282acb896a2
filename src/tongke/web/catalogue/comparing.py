"""Two versions side by side: what differs, block by block, each changed value marked on its side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries import board
from tongke.areas.catalogue.states import LifeCycle
from tongke.areas.staff import queries as staff
from tongke.web.catalogue.moving import LISTS, page_of, standing
from tongke.web.catalogue.reading import amount_words
from tongke.web.catalogue.words import FIELDS, LABELS, STATE_TONES
from tongke.web.kit import Page, formatting

BLOCKS: dict[str, Any] = {
    "prices": _("Prices"), "allowances": _("Included"), "terms": _("Terms"), "parts": _("Parts"), "characteristics": _("Characteristics"),
    "relations": _("Relations"), "entries": _("Entries"), "rates": _("Rates"), "offerings": _("Product offers"), "parameters": _("Parameters"),
}
ORGS = {"org_id", "area_id", "sold_in"}
AMOUNTS = {"amount", "monthly_fee", "penalty_amount", "floor_amount", "prestore_amount", "device_price", "deposit"}
COUNTED = "allowances"  # what is included is counted in units: its amount is not money


@dataclass(slots=True)
class Row:
    """One difference: ``kind`` is added, removed or changed; values in words, several lines where an entry is whole."""

    label: str
    kind: str
    before: list[tuple[str, str]]
    after: list[tuple[str, str]]


@dataclass(slots=True)
class Block:
    """The differences of one part of a version, by entry."""

    words: str
    entries: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many differences there are."""
        return sum(len(rows) for rows in self.entries.values())


def field_words(name: str) -> str:
    """Return what a field is called."""
    return str(FIELDS.get(name, name))


def value_words(name: str, value: Any) -> str:
    """Write a value for people."""
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    if name in AMOUNTS and not isinstance(value, Mapping | list | tuple):
        return _money(value)
    if name in ORGS and isinstance(value, int):
        return staff.org_name(value)
    if isinstance(value, list | tuple):
        return formatting.listed(value_words(name, one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={value_words(key, one)}" for key, one in value.items())
    return str(LABELS.get(value, value)) if isinstance(value, str) else str(value)


def _money(value: Any) -> str:
    try:
        return amount_words(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _cells(name: str, value: Any, *, block: str = "") -> list[tuple[str, str]]:
    if value is None or value == "":
        return []
    if block == COUNTED and name in AMOUNTS:
        return [("", str(value))]
    if isinstance(value, Mapping):
        return [(field_words(key), str(one) if block == COUNTED and key in AMOUNTS else value_words(key, one)) for key, one in value.items() if not (isinstance(one, list) and not one)]
    return [("", value_words(name, value))]


def blocks_of(differences: Iterable[Any]) -> list[Block]:
    """Group differences: the version's own fields first, then each list by its entries."""
    own = Block(_now("Basics"))
    out: dict[str, Block] = {}
    for one in differences:
        path = one.path
        if len(path) == 1:
            own.entries.setdefault("", []).append(Row(field_words(path[0]), one.kind, _cells(path[0], one.before), _cells(path[0], one.after)))
            continue
        block = out.setdefault(path[0], Block(str(BLOCKS.get(path[0], field_words(path[0])))))
        if len(path) == 2 and not isinstance(one.before, Mapping) and not isinstance(one.after, Mapping):
            rows = block.entries.setdefault("", [])
            rows.append(Row(_now("Sequence") if path[1] == "order" else path[1], one.kind, _cells(path[1], one.before), _cells(path[1], one.after)))
            continue
        name = formatting.name(one) if one.name_zh or one.name_en else ""
        entry = f"{name} · {path[1]}" if name and name != formatting.NOTHING else str(LABELS.get(path[1], path[1]))
        label = " · ".join(field_words(step) for step in path[2:]) or {"added": _now("new"), "removed": _now("taken out")}.get(one.kind, "")
        before, after = (_cells(path[-1], value, block=path[0]) for value in (one.before, one.after))
        block.entries.setdefault(entry, []).append(Row(label, one.kind, before, after))
    return [*([own] if own.entries else []), *out.values()]


class Compare(Page):
    """Two versions, of one code or of two."""

    permission, template = "catalogue.view", "catalogue/compare.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return what differs."""
        del request
        noun = kwargs.get("noun", "offerings")
        before, after = standing(noun, kwargs["before_id"]), standing(noun, kwargs["after_id"])
        words, page = LISTS[noun]
        blocks = blocks_of(board.differences(before, after))
        return {
            "title": formatting.name(after.content), "before": before, "after": after, "blocks": blocks, "count": sum(block.count for block in blocks),
            "states": dict(LifeCycle.choices), "tones": STATE_TONES, "noun": noun, "page_before": page_of(noun, before.id), "page_after": page_of(noun, after.id),
            "crumbs": [(words, reverse(page)), (after.code, page_of(noun, after.id))],
            "people": staff.names_signed([before.created_by, after.created_by]), "versions": board.versions_said(noun, after.code), "versions_before": board.versions_said(noun, before.code), "back": reverse(page),
        }
