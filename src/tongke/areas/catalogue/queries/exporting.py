"""The catalogue as a file, what it is compared with, and what a file would change."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from tongke.areas.catalogue.errors import CatalogueFileRefused, UnknownOffering
from tongke.areas.catalogue.queries.contents import MODELS, Standing, newest, sold, tax_rates, tree
from tongke.areas.catalogue.queries.surroundings import orgs_within
from tongke.areas.catalogue.rules.comparison import EntryDifference, compare_catalogues
from tongke.areas.catalogue.rules.content import BLOCKS, CatalogueContent
from tongke.areas.catalogue.rules.file_reading import decoded, read_catalogue
from tongke.areas.catalogue.rules.file_writing import write_catalogue
from tongke.areas.catalogue.rules.findings import Surroundings
from tongke.areas.catalogue.rules.whole import catalogue_findings
from tongke.areas.catalogue.states import DRAFTS, LifeCycle
from tongke.kernel.actor import Actor, acting


def _held(noun: str, at: datetime) -> dict[str, Standing]:
    """Return the version of each code on sale, else the newest that is not over."""
    ahead = {code: found for code, found in newest(noun).items()
             if found.state != LifeCycle.LAUNCHED or found.valid_until is None or found.valid_until > at}
    return ahead | sold(noun, at=at)


def _said(found: Standing, at: datetime) -> Any:
    """Return what a version says; since when it holds already is history and no content."""
    begins = getattr(found.content, "valid_from", None)
    return found.content.model_copy(update={"valid_from": None}) if begins is not None and begins <= at else found.content


def _finished(content: CatalogueContent, drafts: Collection[tuple[str, str]]) -> CatalogueContent:
    """Return the catalogue without the drafts that are not finished yet nor drafts that are made of them: a file that holds them is refused."""
    within = orgs_within()
    left = set(drafts)
    while left:
        found = catalogue_findings(content, Surroundings(catalogue=content, within=within))
        away = left & {(str(finding.path[0]), str(finding.path[1])) for finding in found}
        if not away:
            break
        left -= away
        content = _without(content, away)
    return content


def _without(content: CatalogueContent, away: Collection[tuple[str, str]]) -> CatalogueContent:
    """Return the catalogue without these entries; categories do not name them either."""
    blocks = {noun: {code: said for code, said in content.block(noun).items() if (noun, code) not in away} for noun in BLOCKS}
    blocks["categories"] = {
        code: said.model_copy(update={"offerings": tuple(o for o in said.offerings if ("offerings", o) not in away)})
        for code, said in blocks["categories"].items()
    }
    return CatalogueContent(**blocks)


def catalogue_held(*, at: datetime) -> CatalogueContent:
    """Return the catalogue as a file has it: of each code the version on sale at ``at``, else the newest that is not over."""
    catalogues, categories = tree()
    versions = {noun: {code: _said(found, at) for code, found in _held(noun, at).items()} for noun in MODELS}
    return CatalogueContent(tax_rates=tax_rates(), catalogues=catalogues, categories=categories, **versions)


def export_catalogue(codes: Collection[str] | None = None, *, by: Actor, at: datetime) -> str:
    """Return the catalogue as a file; with ``codes`` only these entries and what they are made of.

    The whole catalogue leaves out drafts that are not finished, so that it can be read back anywhere; a draft that is named is given as it stands.
    Raises ``NotPermitted``, and ``UnknownOffering`` for a code that nothing has.
    """
    by.require("catalogue.view")
    with acting(by):
        held = catalogue_held(at=at)
        if codes is None:
            drafts = {(noun, code) for noun in MODELS for code, found in _held(noun, at).items() if found.state in DRAFTS}
            held = _finished(held, drafts)
    return write_catalogue(held if codes is None else _with_parts(held, codes))


def _with_parts(held: CatalogueContent, codes: Collection[str]) -> CatalogueContent:
    wanted = set(codes)
    known = {code for noun in BLOCKS for code in held.block(noun)}
    if unknown := sorted(wanted - known):
        raise UnknownOffering(offering=", ".join(unknown), field="code")
    queue = list(codes)
    while queue:
        code = queue.pop()
        named: list[str] = []
        if code in held.offerings:
            offering = held.offerings[code]
            named = [*(part.part_code for part in offering.parts), *([offering.specification] if offering.specification else []),
                     *(price.tax_category for price in offering.prices)]
        elif code in held.specifications:
            named = [relation.other_code for relation in held.specifications[code].relations]
        queue += [other for other in named if other not in wanted]
        wanted |= set(named)
    return CatalogueContent(**{
        noun: {code: content for code, content in held.block(noun).items() if code in wanted}
        for noun in BLOCKS
    })


def file_text(data: bytes) -> str:
    """Return the text of a catalogue file's bytes; raises ``CatalogueFileRefused`` where they are no UTF-8 text."""
    text, problems = decoded(data)
    if problems:
        raise CatalogueFileRefused(problems)
    return text


def compare_with_file(text: str, *, by: Actor, at: datetime) -> list[EntryDifference]:
    """Return what a file says differently from the catalogue; raises ``CatalogueFileRefused`` where it cannot be read."""
    by.require("catalogue.view")
    paper = read_catalogue(text)
    if paper.problems:
        raise CatalogueFileRefused(paper.sorted_problems())
    with acting(by):
        return compare_catalogues(catalogue_held(at=at), paper.content)
