"""A version of the catalogue as a request for approval tells of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from tongke.areas.catalogue.queries import board, contents
from tongke.web.catalogue.comparing import blocks_of
from tongke.web.catalogue.moving import PAGES, page_of
from tongke.web.kit import formatting
from tongke.web.kit.diff import Change


def version_facts(noun: str, version_id: UUID) -> tuple[list[tuple[Any, Any]], list[Change]]:
    """Return what a version is, with the way to it, and what it says other than the version before; nothing for one that is gone."""
    version = contents.version_said(noun, version_id) if noun in PAGES else None
    if version is None:
        return [], []
    link = Markup('<a href="%s">%s</a>') % (page_of(noun, version_id), _("Open it"))
    before = next((row for row in board.versions_said(noun, version.code) if row[1] < version.version), None)
    facts: list[tuple[Any, Any]] = [(_("Name"), formatting.name(version.content)), (_("Version"), f"{version.code} v{version.version}"), (_("A version of the catalogue"), link)]
    if before is None:
        return facts, []
    facts.append((_("Another version is compared"), Markup('<a href="%s">v%s → v%s</a>') % (
        reverse("catalogue-compare-any", args=[noun, before[0], version_id]), before[1], version.version)))
    said = contents.version_said(noun, before[0])
    return facts, [] if said is None else changes_of(board.differences(said, version))


def changes_of(differences: Any) -> list[Change]:
    """Return differences as changes of fields, each named by its place."""
    out = []
    for block in blocks_of(differences):
        for entry, rows in block.entries.items():
            for row in rows:
                label = " · ".join(part for part in (block.words, entry, row.label) if part)
                out.append(Change(label, _cells(row.before), _cells(row.after)))
    return out


def _cells(cells: list[tuple[str, str]]) -> str | None:
    return "; ".join(f"{label}: {value}" if label else value for label, value in cells) or None
