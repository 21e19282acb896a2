"""What the page shows beyond the JSON: totals, charts and the timeline's lines, all computed from the JSON but people's names."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.web.customer_360 import charts
from tongke.web.customer_360.words import event_words, words
from tongke.web.kit import formatting

GIGABYTE = 1_000_000_000
MASK = "*"
TIMELINE_FIRST = 12


def moment_of(text: str | None) -> datetime | None:
    """Read an instant of the JSON."""
    return datetime.fromisoformat(text) if text else None


def day_of(text: str | None) -> date | None:
    """Read a day of the JSON."""
    return date.fromisoformat(text[:10]) if text else None


def timeline_lines(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the timeline's lines with their instant, words and tone, and who it was by name in the active language."""
    named = words()
    people = _people(found)
    out = []
    for item in found:
        contact = item["source"] == "contact"
        out.append(item | {
            "when": moment_of(item["at"]), "words": item["text"] if contact else event_words(item["text"]),
            "kind_words": named["contact"].get(item["kind"], "") if contact else "", "who": people.get(item["staff_id"] or item["who"], item["who"]),
            "tone": {"complaint": "bad", "fault": "warn"}.get(item["kind"], "neutral"),
        })
    return out


def _people(found: list[dict[str, Any]]) -> dict[str, str]:
    """Return the names of colleagues by what lines know them by: their key beside a contact, else what they signed with."""
    keys = {item["staff_id"] for item in found if item["staff_id"]}
    signed = {item["who"] for item in found if item["who"] and not item["staff_id"]}
    named = {str(key): formatting.name(person) for key, person in staff.staff_names(map(UUID, keys)).items()} if keys else {}
    return named | (staff.names_signed(signed) if signed else {})


def _usage(found: list[dict[str, Any]] | None) -> dict[str, Any]:
    months = found or []
    data = [(m["month"][5:], m["data_bytes"] / GIGABYTE, f"{m['month']}: {m['data_bytes'] / GIGABYTE:,.1f} GB", "data") for m in months]
    voice = [(m["month"][5:], m["voice_seconds"] / 60, f"{m['month']}: {m['voice_seconds'] / 60:,.0f} min", "voice") for m in months]
    return {"data": charts.bars(data), "voice": charts.bars(voice), "months": months}


def _bills(found: list[dict[str, Any]] | None) -> list[charts.Bar]:
    months: dict[str, list[float]] = {}
    for bill in reversed(found or []):
        total = months.setdefault(bill["period_from"][:7], [0.0, 0.0])
        total[0] += bill["total"]
        total[1] += bill["open"]
    return charts.bars([
        (month[5:], total, f"{month}: {formatting.money(total)}", "open" if open_ > 0 else "paid") for month, (total, open_) in months.items()
    ][-8:])


def _lines(found: dict[str, Any]) -> list[dict[str, Any]]:
    products: dict[Any, list[dict[str, Any]]] = {}
    for product in found["products"] or []:
        products.setdefault(product["subscriber_id"], []).append(product)
    rows = [{**line, "products": products.pop(line["id"], [])} for line in found["lines"] or []]
    others = [product for several in products.values() for product in several]
    return [*rows, {"id": None, "products": others}] if others else rows


def _in_force(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["valid_until"] is None]


def page_of(found: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Return the template's context for one customer's JSON."""
    accounts = found["accounts"] or []
    states = Counter(line["state"] for line in found["lines"] or [])
    return {
        "v": found, "who": found["identity"], "w": words(), "lines": _lines(found), "lines_active": states["active"],
        "lines_all": sum(states.values()), "owed": sum(a["owed"] for a in accounts), "balance": sum(a["balance"] for a in accounts),
        "usage": _usage(found["usage"]), "bill_bars": _bills(found["bills"]), "media_now": _in_force(found["media"]),
        "media_before": [m for m in found["media"] if m["valid_until"] is not None], "addresses_now": _in_force(found["addresses"]),
        "documents_now": _in_force(found["documents"]), "may_reveal": actor.may("party.reveal"),
        "timeline": timeline_lines((found["timeline"] or [])[:TIMELINE_FIRST]),
        "timeline_more": len(found["timeline"] or []) > TIMELINE_FIRST,
        "lang": "zh" if (get_language() or "zh").startswith("zh") else "en",
    }
