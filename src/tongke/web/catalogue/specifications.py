"""Specifications: the list, one version with its graph, and the editor of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries import board, contents
from tongke.areas.catalogue.states import RelationKind, SpecificationLevel, ValueType
from tongke.kernel.errors import NotFound
from tongke.web.catalogue import reading
from tongke.web.catalogue.offering import may_edit, said, specification_address, standing_specifications
from tongke.web.catalogue.versions import BY_NAME, BY_STATE, IN_THE_MAKING, OWNER, STATE, VERSION, version_context
from tongke.web.catalogue.words import LEVEL_ICONS, kind_words, unit_words
from tongke.web.kit import (
    Button,
    ChoiceFilter,
    Day,
    Empty,
    Link,
    ListPage,
    Page,
    State,
    Text,
    formatting,
    go,
)

Data = dict[str, Any]
NOUN = "specifications"
LEVEL_TONES = {"product": "info", "service": "good", "resource": "warn"}


def own_page(version_id: Any) -> str:
    """Return the page of a specification's version."""
    return reverse("catalogue-specification", args=[version_id])


class Specifications(ListPage):
    """What products, services and resources are made of."""

    name, title, permission = "specifications", _("Specifications"), "catalogue.view"
    subtitle = _("What offers consist of: products of services, services of resources, with typed characteristics")
    rows = board.specifications_board
    columns = (
        Link(key="name", label=_("Specification"), to=lambda s: own_page(s.id), sub="code", value=formatting.name, sort="code"),
        State(key="level", label=_("Layer"), labels=SpecificationLevel, tones=LEVEL_TONES, sort="level"),
        Text(key="kind", label=_("Kind"), sort="kind", value=lambda s: kind_words(s.kind)),
        STATE, VERSION, IN_THE_MAKING, OWNER,
        Day(key="changed_at", label=_("Last changed"), sort="changed_at"),
    )
    filters = (BY_NAME, ChoiceFilter(key="level", label=_("Layer"), choices=SpecificationLevel.choices, primary=True), BY_STATE)
    sort = "level"
    size = 100
    empty = Empty(says=_("No specification yet"), mend=_("A specification says what an offer consists of"), action=_("New specification"),
                  address="/catalogue/specifications/new", permission="catalogue.design", icon="hierarchy-2")
    buttons = (Button(label=_("New specification"), address="/catalogue/specifications/new", permission="catalogue.design"),)


class SpecificationByCode(Page):
    """Leads from a code to the version that it stands for."""

    permission = "catalogue.view"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Go there; raises ``NotFound``."""
        found = board.specifications_board(self.actor).filter(code=kwargs["code"]).first()
        if found is None:
            raise NotFound
        return go(request, own_page(found.id))


def handed_on(content: Any, other: Any, theirs: str, source: Mapping[str, Any]) -> str:
    """Say which characteristic takes its value from which, by their names; once where both are called the same."""
    names = [{one.code: formatting.name(one) for one in getattr(spec, "characteristics", ())} for spec in (content, other)]
    given, taken = source.get("from"), names[1].get(theirs, theirs)
    came = names[0].get(given, given) if given else str(source.get("value"))
    return taken if given and came == taken else f"{taken} ← {came}"


def relation_lines(content: Any, known: Mapping[str, Any]) -> list[Data]:
    """Return the relations of a specification in words."""
    out = []
    for one in content.relations:
        other = known.get(one.other_code)
        many = str(one.quantity_max) if one.quantity_min == one.quantity_max else f"{one.quantity_min}–{one.quantity_max}"
        handed = [handed_on(content, other, theirs, source) for theirs, source in one.characteristic_map.items()]
        out.append({"kind": RelationKind(one.kind).label, "code": one.other_code, "name": formatting.name(other) if other else one.other_code,
                    "known": other is not None, "many": many, "handed": formatting.listed(handed)})
    return out


class SpecificationPage(Page):
    """A version of a specification: characteristics, relations, the graph, and the offers made by it."""

    permission, template = "catalogue.view", "catalogue/specification.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return everything that it says."""
        del request
        version = said(kwargs["specification_id"], noun=NOUN)
        content = version.content
        known = {**standing_specifications(), version.code: content}
        return {
            **version_context(version, self, mended=lambda name: section_of(version, name) if may_edit(version, self.actor) else ("", "")),
            "sign": LEVEL_ICONS[content.level], "level": SpecificationLevel(content.level).label, "kind": kind_words(content.kind), "unit_words": unit_words,
            "drawing": reading.decomposition(version.code, known, specification_address), "types": dict(ValueType.choices), "bounds": reading.bounds_words,
            "value_words": reading.value_words, "relations": relation_lines(content, known), "used": board.offerings_with_specification(version.code),
        }


def section_of(version: contents.Standing, name: str) -> tuple[str, Any]:
    """Return the form in which a field is mended and its words."""
    for key, words in (("characteristics", _("Characteristics")), ("relations", _("Relations"))):
        if name.startswith(key):
            return reverse(f"catalogue-specification-{key}", args=[version.id]), words
    return reverse("catalogue-specification-basics", args=[version.id]), _("Basics")
