"""Importing a catalogue file: all or nothing, every error at once, unchanged content left alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from django.db import transaction

from tongke.areas.catalogue import events
from tongke.areas.catalogue.errors import CatalogueFileRefused
from tongke.areas.catalogue.models import Catalogue
from tongke.areas.catalogue.queries.contents import MODELS, Standing, newest, sold, tax_rates, tree
from tongke.areas.catalogue.queries.surroundings import surroundings
from tongke.areas.catalogue.rules.comparison import Difference, compare, same
from tongke.areas.catalogue.rules.content import BLOCKS, CatalogueContent, TaxContent
from tongke.areas.catalogue.rules.file_reading import Paper, read_catalogue
from tongke.areas.catalogue.rules.findings import Finding
from tongke.areas.catalogue.rules.life import acts_alone
from tongke.areas.catalogue.rules.owners import owner_is_own
from tongke.areas.catalogue.rules.specifications import code_is_known
from tongke.areas.catalogue.rules.whole import catalogue_findings
from tongke.areas.catalogue.services.drafting import change_content, locked_version, next_version, take_turns
from tongke.areas.catalogue.services.flaws import flawed_by_file, one_at_a_time
from tongke.areas.catalogue.services.life import launch_locked, missing_for, moved
from tongke.areas.catalogue.services.rules_book import begin_rule
from tongke.areas.catalogue.services.shelves import put_catalogue, put_category, put_tax_rates
from tongke.areas.catalogue.states import DRAFTS, LifeCycle
from tongke.areas.staff import services as desk
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, RulesBroken
from tongke.kernel.outbox import publish
from tongke.kernel.verb import verb

Mode = Literal["draft", "launch", "dry_run", "dry_launch"]
"""``dry_`` does everything, tells what came of it, and undoes it."""
APPROVAL = "catalogue_file"
NEEDED = {"rules": "catalogue.rules", "promotions": "catalogue.promote", "tax_rates": "catalogue.publish"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one entry: ``unchanged``, ``drafted`` (a new version), ``redrafted`` (the draft says something else), ``launched``, ``written`` (changed in place)."""

    noun: str
    code: str
    outcome: Literal["unchanged", "drafted", "redrafted", "launched", "written"]
    version: int | None
    line: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or would have done."""

    mode: Mode
    entries: tuple[Imported, ...]

    @property
    def changed(self) -> tuple[Imported, ...]:
        """The entries that made a difference."""
        return tuple(entry for entry in self.entries if entry.outcome != "unchanged")


def fingerprint(text: str) -> str:
    """Return the digest by which an approval knows a file."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


@verb("catalogue.design")
def request_import_approval(*, text: str, org_id: int, reason: str, by: Actor, at: datetime) -> UUID:
    """Ask a second person to let exactly this file be launched; raises ``CatalogueFileRefused`` where it cannot be."""
    report = import_catalogue(text=text, mode="dry_launch", by=by, at=at)
    return desk.request_approval(
        kind=APPROVAL, subject=_subject(text), org_id=org_id, reason=reason, permission="catalogue.approve",
        payload={"sha256": fingerprint(text), "codes": [f"{entry.noun} {entry.code}" for entry in report.changed]}, by=by, at=at,
    ).id


def _subject(text: str) -> str:
    return f"catalogue file {fingerprint(text)}"


@verb("catalogue.design")
def import_catalogue(*, text: str, mode: Mode = "draft", by: Actor, at: datetime) -> ImportReport:
    """Import a catalogue file (docs/catalogue-file.md): changed content becomes drafts or, in mode ``launch``, goes on sale at ``at``.

    To launch takes ``catalogue.publish`` and, for all but the house's own processes, an approval of exactly this file (``request_import_approval``).
    Raises ``CatalogueFileRefused`` with every problem, and then nothing was changed; ``NotPermitted``, ``ApprovalNeeded``.
    """
    if mode not in get_args(Mode):
        raise Invalid(what="mode")
    launch = mode in ("launch", "dry_launch")
    if launch and mode != "dry_launch":
        by.require("catalogue.publish")
    paper = read_catalogue(text)
    _require_rights(paper, by=by, at=at)
    take_turns("file", "")
    one_at_a_time()
    _check(paper, by=by, at=at)
    with transaction.atomic():
        run = _Run(paper=paper, launch=launch, by=by, at=at)
        entries = run.everything()
        if paper.problems:
            raise CatalogueFileRefused(paper.sorted_problems())
        if mode == "launch" and not acts_alone(kind=by.kind, staff_id=by.staff_id):
            desk.use_approval(kind=APPROVAL, subject=_subject(text), by=by, at=at)
        _tell(paper, entries, mode, by=by, at=at)
        if mode.startswith("dry_"):
            transaction.set_rollback(True)
    return ImportReport(mode=mode, entries=tuple(entries))


def _tell(paper: Paper, entries: list[Imported], mode: str, *, by: Actor, at: datetime) -> None:
    """Tell that a file was imported, at a catalogue that it speaks of."""
    named = [*paper.content.catalogues, *(branch.catalogue for branch in paper.content.categories.values())]
    found = Catalogue.objects.filter(code__in=named).order_by("code").first()
    if found is not None:
        changed = sum(entry.outcome != "unchanged" for entry in entries)
        # A province tells of its own import, also where the catalogue that it hangs its offers into is the group's.
        org_id = found.org_id if by.sees(found.org_id) else by.base_org_id or found.org_id
        publish(events.CatalogueImported(subject_id=found.id, org_id=org_id, mode=mode, changed=changed), by=by, at=at)


def _require_rights(paper: Paper, *, by: Actor, at: datetime) -> None:
    for noun, permission in NEEDED.items():
        if not by.may(permission) and set(paper.content.block(noun)) - _as_it_stands(paper.content, noun, at=at):
            by.require(permission)


def _check(paper: Paper, *, by: Actor, at: datetime) -> None:
    """Hold the file against the rules and the catalogue; raises ``CatalogueFileRefused`` with everything that is wrong."""
    around = surroundings(paper.content)
    paper.take([found for found in catalogue_findings(paper.content, around) if not _follows(found, paper)])
    for noun in BLOCKS:
        others = {code: content.org_id for code, content in paper.content.block(noun).items() if not by.sees(content.org_id)}
        # Who loads back the whole file that was downloaded changes nothing of the entries of others.
        for code in set(others) - (_as_it_stands(paper.content, noun, at=at) if others else set()):
            paper.tell((noun, code, "org_id"), owner_is_own.broken(org_id=around.org(others[code]), sees=False))
    if not paper.problems:
        for path, broken in flawed_by_file(_not_in_force(paper.content, at=at), at=at):
            paper.tell(path, broken)
    if paper.problems:
        raise CatalogueFileRefused(paper.sorted_problems())


def _merged(held: TaxContent | None, said: TaxContent) -> TaxContent:
    """Return a tax category with the rates that stand and those that the file says."""
    rates = {rate.valid_from: rate for rate in (*(held.rates if held else ()), *said.rates)}
    return said.model_copy(update={"rates": tuple(rate for _start, rate in sorted(rates.items()))})


def _as_it_stands(content: CatalogueContent, noun: str, *, at: datetime) -> set[str]:
    """Return the codes of the entries that say what the catalogue says already, in the version on sale or the newest."""
    block = content.block(noun)
    if noun == "tax_rates":
        held = tax_rates()
        return {code for code, said in block.items() if code in held and same(held[code], _merged(held[code], said))}
    if noun in ("catalogues", "categories"):
        roots, branches = tree()
        known: Mapping[str, Any] = roots if noun == "catalogues" else branches
        return {code for code, said in block.items() if code in known and same(known[code], said)}
    standing = (newest(noun, list(block)), sold(noun, list(block), at=at))
    return {code for code, said in block.items() if any(code in found and same(found[code].content, said) for found in standing)}


def _not_in_force(content: CatalogueContent, *, at: datetime) -> CatalogueContent:
    """Return the offerings, categories and rules of a file that say something else than what is in force: what can make rules contradict."""
    standing = {"offerings": {code: held.content for code, held in sold("offerings", list(content.offerings), at=at).items()},
                "rules": {code: held.content for code, held in sold("rules", list(content.rules), at=at).items()}, "categories": tree()[1]}
    return CatalogueContent(**{
        noun: {code: own for code, own in content.block(noun).items() if code not in held or not same(held[code], own)} for noun, held in standing.items()
    })


def _follows(found: Finding, paper: Paper) -> bool:
    """Tell whether a finding only follows from an entry of the file whose form is wrong, which is told already."""
    return found.broken.code == code_is_known.code and any(
        len(path) == 2 and path[1] == found.broken.values["other"] and path[1] not in paper.content.block(str(path[0])) and path[0] in BLOCKS for path in paper.lines)


def _parents_first(categories: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    done: set[str] = set()
    waiting = dict(categories)
    while waiting:
        ready = [code for code, own in waiting.items() if own.parent is None or own.parent in done or own.parent not in waiting]
        for code in ready:
            done.add(code)
            yield code, waiting.pop(code)


@dataclass(slots=True)
class _Run:
    """One import under way, in one transaction."""

    paper: Paper
    launch: bool
    by: Actor
    at: datetime

    def everything(self) -> list[Imported]:
        """Write every entry of the file and launch what is to be launched; problems are kept with the file's."""
        content = self.paper.content
        out = self._tax(content)
        for noun in ("specifications", "offerings"):
            out += self._versions(noun, content.block(noun))
        out += self._trees(content)
        for noun in ("price_lists", "rules", "promotions"):
            out += self._versions(noun, content.block(noun))
        return out

    def _told(self, noun: str, code: str, fault: RulesBroken) -> None:
        for broken in fault.broken:
            self.paper.tell((noun, code, *([broken.field] if broken.field else [])), broken)

    def _entry(self, noun: str, code: str, outcome: Any, differences: Iterable[Difference] = (), version: int | None = None) -> Imported:
        return Imported(noun=noun, code=code, outcome=outcome, version=version, line=self.paper.line((noun, code)), differences=tuple(differences))

    def _tax(self, content: CatalogueContent) -> list[Imported]:
        out = []
        held = tax_rates()
        for category, said in content.tax_rates.items():
            differences = tuple(compare(held.get(category), _merged(held.get(category), said)))
            try:
                if differences:
                    put_tax_rates(category, said, by=self.by, at=self.at)
            except RulesBroken as fault:
                self._told("tax_rates", category, fault)
            out.append(self._entry("tax_rates", category, "written" if differences else "unchanged", differences))
        return out

    def _trees(self, content: CatalogueContent) -> list[Imported]:
        roots, branches = tree()
        out = []
        for code, said in content.catalogues.items():
            differences = tuple(compare(roots.get(code), said))
            if differences:
                put_catalogue(code, said, by=self.by, at=self.at)
            out.append(self._entry("catalogues", code, "written" if differences else "unchanged", differences))
        for code, branch in _parents_first(content.categories):
            differences = tuple(compare(branches.get(code), branch))
            if differences:
                put_category(code, branch, by=self.by, at=self.at)
            out.append(self._entry("categories", code, "written" if differences else "unchanged", differences))
        return out

    def _versions(self, noun: str, block: Mapping[str, Any]) -> list[Imported]:
        before, selling = newest(noun, list(block)), sold(noun, list(block), at=self.at)
        out = {code: self._version(noun, code, said, before.get(code), selling.get(code)) for code, said in sorted(block.items())}
        if self.launch:
            waiting = {code: row for code, row in self._to_launch(noun, block).items() if code not in selling or not same(selling[code].content, block[code])}
            out |= {code: replace(out[code], outcome="launched", version=version) for code, version in self._launched(noun, waiting).items()}
        return list(out.values())

    def _version(self, noun: str, code: str, said: Any, before: Standing | None, selling: Standing | None) -> Imported:
        for known in (before, selling):
            if known is not None and same(known.content, said):
                return self._entry(noun, code, "unchanged", version=known.version)
        against = selling or before
        differences = compare(against.content if against else None, said)
        if before is not None and before.state in DRAFTS:
            change_content(locked_version(noun, before.id, by=self.by), noun, said, by=self.by, at=self.at)
            return self._entry(noun, code, "redrafted", differences, before.version)
        made = next_version(noun, code, said, by=self.by, at=self.at)
        return self._entry(noun, code, "drafted", differences, MODELS[noun].objects.values_list("version", flat=True).get(id=made))

    def _to_launch(self, noun: str, block: Mapping[str, Any]) -> dict[str, Any]:
        """Return the newest versions that say what the file says and are not on sale yet, locked."""
        out = {}
        for code, found in newest(noun, list(block)).items():
            if found.state in (*DRAFTS, LifeCycle.ACTIVE) and self.by.sees(found.content.org_id) and same(found.content, block[code]):
                out[code] = locked_version(noun, found.id, by=self.by)
        return out

    def _launched(self, noun: str, waiting: dict[str, Any]) -> dict[str, int]:
        """Launch what waits, what it is made of first; returns the versions by code."""
        done: dict[str, int] = {}
        while waiting:
            ready = [code for code, row in waiting.items() if not missing_for(noun, row, at=self.at)] or list(waiting)
            for code in ready:
                row = waiting.pop(code)
                try:
                    self._launch_one(noun, row)
                except RulesBroken as fault:
                    self._told(noun, code, fault)
                done[code] = row.version
        return done

    def _launch_one(self, noun: str, row: Any) -> None:
        if noun == "rules":
            rights = self.by.permissions | {"catalogue.approve"}
            row.created_by = f"file:{self.by.name}"[:150]
            begin_rule(row, agreed=True, by=replace(self.by, permissions=frozenset(rights)), at=self.at)
            return
        if row.state == LifeCycle.IN_STUDY:
            moved(row, noun, "design", by=self.by, at=self.at)
        if row.state == LifeCycle.IN_DESIGN:
            moved(row, noun, "test", by=self.by, at=self.at)
        if row.state == LifeCycle.IN_TEST:
            moved(row, noun, "approve", by=self.by, at=self.at)
        launch_locked(row, noun, max(self.at, row.valid_from), by=self.by, at=self.at)
