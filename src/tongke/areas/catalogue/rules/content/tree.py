"""Catalogues and categories: how offerings are found."""

from __future__ import annotations

from pydantic import Field

from tongke.areas.catalogue.rules.content.shape import Code, Content, Name, OrgId, Words


class CatalogueTreeContent(Content):
    """The root of a tree of categories."""

    org_id: OrgId = 1
    name_zh: Name
    name_en: Name
    description_zh: Words = ""
    description_en: Words = ""


class CategoryContent(Content):
    """A branch of a catalogue and the offerings in it, in order."""

    org_id: OrgId = 1
    catalogue: Code
    parent: Code | None = None
    name_zh: Name
    name_en: Name
    description_zh: Words = ""
    description_en: Words = ""
    position: int = Field(default=0, ge=0, le=10_000)
    offerings: tuple[Code, ...] = ()
