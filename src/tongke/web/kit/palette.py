"""What the command palette offers: the pages and actions that the actor may open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from tongke.web.kit import navigation
from tongke.web.kit.environment import asset
from tongke.web.kit.layout import actor_of


def contents(request: HttpRequest) -> JsonResponse:
    """Answer with the groups of the palette, and where customers are suggested if the actor may see any."""
    actor = actor_of(request)
    pages = [_item(e) for e in navigation.entries() if navigation.may_any(actor, e.permission) and e.address]
    doings = [_item(a) for a in navigation.actions() if navigation.may_any(actor, a.permission) and a.address]
    groups = [{"label": _("Pages"), "items": pages}, {"label": _("Actions"), "items": doings}]
    signed_in = actor.kind != "nobody"
    answer = JsonResponse({
        "groups": [g for g in groups if g["items"]] if signed_in else [],
        "search": "/search/suggest" if actor.may("party.view") else "",
        "icons": asset("icons.svg"),
    })
    answer["Cache-Control"] = "no-store"
    return answer


contents.permission = ""  # type: ignore[attr-defined]  # whoever is signed in; each line by its own permission


def _item(offer: navigation.Entry | navigation.Action) -> dict[str, Any]:
    hint = str(getattr(offer, "hint", "") or "")
    return {"label": str(offer.label), "hint": hint, "icon": offer.icon, "address": offer.address, "words": offer.words}
