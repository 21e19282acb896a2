"""Runs a search for any channel: classifies what was typed, asks the database once, and leaves a trace without the typed text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from tongke.areas.party.queries.search import classify, cleaned
from tongke.kernel.actor import Actor
from tongke.kernel.sealing import blind_index

PERMISSION = "party.view"
SEARCH = "SELECT tongke_search(%s, %s, %s, %s, %s, %s)::text"
ROWS_MAX = 50

FOUND_BY: dict[str, Any] = {
    "customer_no": _("Customer number"), "document": _("Identity document"), "service_number": _("Service number"),
    "phone": _("Contact phone"), "account_no": _("Account number"), "bill_no": _("Bill number"), "name": _("Name"),
    "pinyin": _("Pinyin"), "initials": _("Pinyin initials"), "service_tail": _("End of a service number"),
    "phone_tail": _("End of a phone number"), "service_head": _("Start of a service number"),
    "phone_head": _("Start of a phone number"), "email": _("E-mail"), "street": _("Street"), "place": _("Community or building"),
    "contains": _("Part of an address"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: ``rows`` as the page and the JSON show them, whether there are ``more``, and which kinds were tried."""

    text: str
    kinds: tuple[str, ...]
    rows: list[dict[str, Any]]
    more: bool


def find(typed: str, *, limit: int = ROWS_MAX, purpose: str = "", by: Actor) -> Found:
    """Find customers within the actor's scope; raises ``NotPermitted``. Nothing searchable finds nothing and asks nobody."""
    by.require(PERMISSION)
    terms = classify(typed)
    text = cleaned(typed)
    kinds = tuple(kind for kind in terms.kinds if kind in FOUND_BY)
    if not kinds:
        return Found(text, (), [], more=False)
    detail: dict[str, Any] = {"kinds": kinds, "digest": blind_index(text.casefold(), field="search").hex()}
    if by.extra.get("channel"):
        detail["channel"] = by.extra["channel"]
    with connection.cursor() as cursor:
        cursor.execute(SEARCH, [
            json.dumps(terms.ranges), limit + 1, by.staff_id, by.base_org_id, purpose or "service", json.dumps(detail),
        ])
        (answer,) = cursor.fetchone()
    rows: list[dict[str, Any]] = json.loads(answer)
    return Found(text, kinds, rows[:limit], more=len(rows) > limit)
