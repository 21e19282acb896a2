"""Drafting versions: specifications, offerings, price lists (and, for the file, rules and promotions)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from pydantic import ValidationError

from tongke.areas.catalogue import events
from tongke.areas.catalogue.errors import BeyondOwnArea, DraftExists, NotADraft, UnknownVersion
from tongke.areas.catalogue.queries.contents import GONE, MODELS, Standing, standing_of
from tongke.areas.catalogue.queries.references import prices_of
from tongke.areas.catalogue.queries.surroundings import surroundings
from tongke.areas.catalogue.rules.content import BLOCKS, CatalogueContent, Content
from tongke.areas.catalogue.rules.eligibility.words import Coded, Named
from tongke.areas.catalogue.rules.findings import Surroundings
from tongke.areas.catalogue.rules.shapes import shape_findings
from tongke.areas.catalogue.rules.whole import content_findings
from tongke.areas.catalogue.services.price_ids import tell_prices
from tongke.areas.catalogue.services.writing import remove_draft, rewrite_draft, write_draft
from tongke.areas.catalogue.states import DRAFTS
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Conflict
from tongke.kernel.idempotency import once
from tongke.kernel.outbox import publish
from tongke.kernel.rules import require
from tongke.kernel.verb import verb

DESIGNED = ("specifications", "offerings", "price_lists", "promotions")
"""Nouns that are designed by these verbs; eligibility rules have verbs of their own."""
UNFINISHED = frozenset({"CAT-15", "CAT-24", "CAT-27"})
"""What a draft that is still being written may lack: fixed values, prices, parts. Its test asks for them."""


def take_turns(noun: str, code: str) -> None:
    """Let those who make versions of one code wait for each other; other codes do not wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [f"catalogue_{noun}", code])


def locked_version(noun: str, version_id: UUID, *, by: Actor) -> Any:
    """Return a version's record, locked; raises ``UnknownVersion``, ``BeyondOwnArea``."""
    if noun not in MODELS:
        raise UnknownVersion(noun=noun)
    row = MODELS[noun].objects.filter(id=version_id).first()
    if row is None:
        raise UnknownVersion(noun=noun)
    require_own(row.org_id, by=by)
    take_turns(noun, row.code)
    found = MODELS[noun].objects.select_for_update(of=("self",)).filter(id=version_id).first()
    if found is None:  # it was discarded while we waited for it
        raise UnknownVersion(noun=noun)
    return found


def require_own(org_id: int, *, by: Actor) -> None:
    """Raise ``BeyondOwnArea`` for an organisation that the actor does not answer for."""
    if not by.sees(org_id):
        label = staff.org_labels().get(org_id)
        raise BeyondOwnArea(org=Coded(Named(label.name_zh, label.name_en) if label else Named(), str(org_id)))


def require_draft(row: Any) -> None:
    """Raise ``NotADraft`` for a version that stands."""
    if row.state not in DRAFTS:
        raise NotADraft(code=row.code, version=row.version, state=row.get_state_display())


def shaped(noun: str, given: Content | Mapping[str, Any]) -> Any:
    """Return the shape of what was given; raises ``RulesBroken`` with every word that does not fit (CAT-12)."""
    if isinstance(given, BLOCKS[noun]):
        return given
    try:
        return BLOCKS[noun].model_validate(given)
    except ValidationError as fault:
        require(finding.as_field() for finding in shape_findings(fault))
        raise


def require_sound(noun: str, code: str, content: Any, around: Surroundings | None = None, *, unfinished: bool = False) -> None:
    """Raise ``RulesBroken`` with every rule that the content breaks; ``field`` of each is its path. What is ``unfinished`` may lack something."""
    found = content_findings(noun, code, content, around or surroundings(CatalogueContent(**{noun: {code: content}})))
    require(finding.as_field() for finding in found if not (unfinished and finding.broken.code in UNFINISHED))


def versions_of_code(noun: str, code: str) -> list[Any]:
    """Return the records of a code's versions, the newest first."""
    return list(MODELS[noun].objects.filter(code=code).order_by("-version"))


def next_version(noun: str, code: str, content: Any, *, by: Actor, at: datetime) -> UUID:
    """Make the next draft of ``code``; whoever may draft it and whether it is sound is the caller's to check. Raises ``DraftExists``."""
    require_own(content.org_id, by=by)
    take_turns(noun, code)
    versions = versions_of_code(noun, code)
    if versions:
        require_own(versions[0].org_id, by=by)
        if versions[0].state in DRAFTS:
            raise DraftExists(code=code, version=versions[0].version, state=versions[0].get_state_display())
    number = versions[0].version + 1 if versions else 1
    made = write_draft(noun, code, number, content, by=by, at=at)
    if noun == "offerings":
        tell_prices(made, content.org_id, {}, prices_of(made), by=by, at=at)
    publish(events.VersionDrafted(subject_id=made, org_id=content.org_id, noun=noun, code=code, number=number), by=by, at=at)
    return made


def change_content(row: Any, noun: str, content: Any, *, by: Actor, at: datetime) -> None:
    """Put other content into a locked draft and tell of it."""
    before = prices_of(row.id) if noun == "offerings" else {}
    rewrite_draft(row, noun, content, at=at)
    if noun == "offerings":
        tell_prices(row.id, row.org_id, before, prices_of(row.id), by=by, at=at)
    publish(events.VersionChanged(subject_id=row.id, org_id=row.org_id, noun=noun, code=row.code, number=row.version), by=by, at=at)


def _copied(noun: str, code: str) -> Standing:
    rows = MODELS[noun].objects.filter(code=code)
    row = rows.exclude(state__in=GONE).order_by("-version").first() or rows.order_by("-version").first()
    if row is None:
        raise UnknownVersion(noun=noun)
    return standing_of(noun, [row])[0]


@verb("catalogue.design")
def draft_version(
    *, noun: str, code: str, content: Content | Mapping[str, Any] | None = None, key: str = "", unfinished: bool = False, by: Actor, at: datetime,
) -> UUID:
    """Draft the first version of a new code or the next of a known one; without ``content`` it says what the version before says.

    ``noun`` is one of ``DESIGNED``. The same ``key`` again gives the same draft. An ``unfinished`` draft may lack what its test asks for. Raises ``RulesBroken`` (every broken rule, its
    field the path), ``DraftExists``, ``BeyondOwnArea``, ``UnknownVersion`` (nothing to copy).
    """
    if noun not in DESIGNED:
        raise UnknownVersion(noun=noun)
    said = shaped(noun, _copied(noun, code).content if content is None else content)
    if content is not None:
        require_sound(noun, code, said, unfinished=unfinished)

    def do() -> str:
        return str(next_version(noun, code, said, by=by, at=at))

    if not key:
        return UUID(do())
    answer, _now = once(scope=f"catalogue.{noun}", key=key, request=[code, said.model_dump(mode="json")], at=at, do=do)
    return UUID(str(answer))


@verb("catalogue.design")
def edit_version(
    *, noun: str, version_id: UUID, content: Content | Mapping[str, Any], seen_at: datetime | None = None, unfinished: bool = False, by: Actor,
    at: datetime,
) -> None:
    """Put other content into a draft; an ``unfinished`` one may lack what its test asks for. ``seen_at`` is the draft's ``changed_at`` as the editor saw it.

    Raises ``RulesBroken``, ``NotADraft``, ``Conflict`` where somebody else changed the draft meanwhile, ``BeyondOwnArea``.
    """
    said = shaped(noun, content)
    row = locked_version(noun, version_id, by=by)
    require_draft(row)
    if seen_at is not None and row.changed_at != seen_at:
        raise Conflict
    require_own(said.org_id, by=by)
    require_sound(noun, row.code, said, unfinished=unfinished)
    change_content(row, noun, said, by=by, at=at)


@verb("catalogue.design")
def discard_version(*, noun: str, version_id: UUID, by: Actor, at: datetime) -> None:
    """Take a draft away for good; raises ``NotADraft``."""
    row = locked_version(noun, version_id, by=by)
    require_draft(row)
    if noun == "offerings":
        tell_prices(row.id, row.org_id, prices_of(row.id), {}, by=by, at=at)
    publish(events.VersionDiscarded(subject_id=row.id, org_id=row.org_id, noun=noun, code=row.code, number=row.version), by=by, at=at)
    remove_draft(row, noun)


@verb("catalogue.design")
def draft_specification(*, code: str, content: Content | Mapping[str, Any] | None = None, key: str = "", by: Actor, at: datetime) -> UUID:
    """Draft a version of a specification; see ``draft_version``."""
    return draft_version(noun="specifications", code=code, content=content, key=key, by=by, at=at)


@verb("catalogue.design")
def draft_offering(*, code: str, content: Content | Mapping[str, Any] | None = None, key: str = "", by: Actor, at: datetime) -> UUID:
    """Draft a version of an offering; see ``draft_version``."""
    return draft_version(noun="offerings", code=code, content=content, key=key, by=by, at=at)


@verb("catalogue.design")
def draft_price_list(*, code: str, content: Content | Mapping[str, Any] | None = None, key: str = "", by: Actor, at: datetime) -> UUID:
    """Draft a version of a price list; see ``draft_version``."""
    return draft_version(noun="price_lists", code=code, content=content, key=key, by=by, at=at)
