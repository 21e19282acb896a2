"""Specifications: characteristics with types, and what consists of what."""

from __future__ import annotations

from pydantic import Field

from tongke.areas.catalogue.rules.content.shape import Bound, Code, Content, Count, Json, Name, OrgId, Small, Words
from tongke.areas.catalogue.states import RelationKind, SpecificationLevel, ValueType


class ChoiceContent(Content):
    """One value of a choice with its names."""

    value: Small
    zh: Name
    en: Name


class CharacteristicContent(Content):
    """One typed characteristic; ``least`` and ``most`` bound numbers and the length of texts."""

    code: Small
    name_zh: Name
    name_en: Name
    value_type: ValueType
    unit: str = Field(default="", max_length=20)
    required: bool = False
    configurable: bool = True
    cardinality_min: Count = 0
    cardinality_max: int = Field(default=1, ge=1, le=1000)
    default: Json = None
    least: Bound | None = None
    most: Bound | None = None
    pattern: str = Field(default="", max_length=200)
    values: tuple[ChoiceContent, ...] = ()


class RelationContent(Content):
    """A relation to another specification; the map says where values of the other's characteristics come from."""

    kind: RelationKind
    other_code: Code
    quantity_min: Count = 1
    quantity_max: int = Field(default=1, ge=1, le=10_000)
    characteristic_map: dict[Small, dict[str, Json]] = {}


class SpecificationContent(Content):
    """What a version of a specification says."""

    org_id: OrgId = 1
    level: SpecificationLevel
    kind: str = Field(min_length=1, max_length=20)
    name_zh: Name
    name_en: Name
    description_zh: Words = ""
    description_en: Words = ""
    characteristics: tuple[CharacteristicContent, ...] = ()
    relations: tuple[RelationContent, ...] = ()
    note: Words = ""

    def characteristic(self, code: str) -> CharacteristicContent | None:
        """Return the characteristic of this code, if there is one."""
        return next((c for c in self.characteristics if c.code == code), None)
