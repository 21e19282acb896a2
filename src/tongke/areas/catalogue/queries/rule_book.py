"""The rule book of an organisation at an instant: read once, compiled, and kept until the catalogue moves on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from tongke.areas.catalogue.models import Category, EligibilityRule
from tongke.areas.catalogue.rules.eligibility import Named, Offer, RuleBook, RuleVersion, compile_book, parameters_of
from tongke.areas.catalogue.rules.eligibility.describing import Described, describe
from tongke.areas.catalogue.states import DRAFTS, LifeCycle, RuleKind, RuleSubject
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Revision:
    """What a compiled book depends on besides time: the catalogue's number, who made it, and the organisation tree's.

    The number alone would not do: a transaction that is undone leaves its number to the next one, with other content.
    """

    catalogue: int
    made_by: str
    tree: int


REVISION = "SELECT r.number, r.xmin::text, t.version FROM catalogue_revision r CROSS JOIN staff_org_tree t"
"""The statement that reads it, for statements that read more."""


def revision() -> Revision:
    """Return what the catalogue and the tree stand at now: one cheap query."""
    with connection.cursor() as cursor:
        cursor.execute(REVISION)
        return Revision(*cursor.fetchone())


def org_path(org_id: int, *, tree: int | None = None) -> tuple[int, ...]:
    """Return the organisations from the group down to one; itself alone where it is unknown.

    ``tree`` is the version of the tree where the caller has read it already: then the database is not asked.
    """
    version = revision().tree if tree is None else tree
    return _paths(str(connection.settings_dict["NAME"]), version).get(org_id, (org_id,))


@lru_cache(maxsize=4)
def _paths(database: str, version: int) -> Mapping[int, tuple[int, ...]]:
    del database, version
    return {org.id: tuple(int(step) for step in org.path.split("/") if step) for org in staff.org_labels().values()}


def rules_in_force(org_id: int, *, known: Revision | None = None, at: datetime) -> RuleBook:
    """Return the compiled rules and offerings of an organisation at ``at``.

    ``known`` is the revision where the caller has read it already: then nothing is asked of the database but once for each
    revision, organisation and stretch of time in which nothing begins or ends.
    """
    now = known or revision()
    database = str(connection.settings_dict["NAME"])
    edges = _edges(database, now)
    place = bisect_right(edges, at)
    return _book(database, now, org_id, edges[place - 1] if place else _BEGINNING)


def lines_per_document(line_kind: str, org_id: int, *, at: datetime) -> int | None:
    """Return how many lines of a kind one identity document may bear there (T15): the strictest rule in force; ``None``: any number."""
    return min((
        rule.parameters.lines_most for rule in rules_in_force(org_id, at=at).rules
        if rule.kind == RuleKind.REAL_NAME and rule.parameters.lines_most is not None and line_kind in rule.parameters.line_kinds
        and (rule.subject_kind == RuleSubject.ALL or (rule.subject_kind == RuleSubject.KIND and rule.subject_code == line_kind))
    ), default=None)


@lru_cache(maxsize=8)
def _edges(database: str, now: Revision) -> tuple[datetime, ...]:
    """Every instant at which a version of a rule or an offering begins or ends."""
    del database, now
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(ARRAY[valid_from, valid_until]) AS edge FROM (SELECT valid_from, valid_until FROM catalogue_rule"
            " WHERE state = 'launched' UNION ALL SELECT valid_from, valid_until FROM catalogue_offering) v ORDER BY edge")
        return tuple(row[0] for row in cursor.fetchall() if row[0] is not None)


@lru_cache(maxsize=256)
def _book(database: str, now: Revision, org_id: int, since: datetime) -> RuleBook:
    del database
    path = org_path(org_id)
    return compile_book(
        rule_versions(path, at=since), offers_known(path, at=since), revision=now.catalogue, orgs=org_names(), categories=category_names(),
    )


def rule_versions(path: tuple[int, ...], *, at: datetime) -> list[RuleVersion]:
    """Return the rules in force at ``at`` that bind the last organisation of ``path``."""
    return [version_of(row) for row in in_force(EligibilityRule.objects.filter(org_id__in=path), at=at)]


def in_force(rows: QuerySet[EligibilityRule], *, at: datetime) -> QuerySet[EligibilityRule]:
    """Return those of ``rows`` that bind at ``at``."""
    return rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), state=LifeCycle.LAUNCHED, valid_from__lte=at)


def version_of(row: EligibilityRule) -> RuleVersion:
    """Return a recorded rule in the engine's words."""
    return RuleVersion(
        id=row.id, code=row.code, version=row.version, org_id=row.org_id, kind=row.kind, subject_kind=row.subject_kind,
        subject_code=row.subject_code, parameters=parameters_of(row.kind, row.parameters, effect=row.effect), effect=row.effect,
        name=Named(row.name_zh, row.name_en), says=Named(row.says_zh, row.says_en), mend=Named(row.mend_zh, row.mend_en),
        valid_from=row.valid_from, valid_until=row.valid_until, state=row.state,
    )


# The version that counts for each code: the one in force, else the newest that was ever sold.
_OFFERS = """
WITH RECURSIVE above AS (
  SELECT c.id, c.code, c.parent_id FROM catalogue_category c
), up AS (
  SELECT id AS leaf, code, parent_id FROM above
  UNION SELECT up.leaf, a.code, a.parent_id FROM up JOIN above a ON a.id = up.parent_id
)
SELECT DISTINCT ON (o.code) o.code, o.kind, o.name_zh, o.name_en, o.version, o.monthly_fee, o.segments, o.channels, o.sold_in,
  o.sellable AND o.state = 'launched' AND o.valid_from <= %(at)s AND (o.valid_until IS NULL OR o.valid_until > %(at)s) AND o.org_id = ANY (%(path)s),
  ARRAY(SELECT DISTINCT up.code FROM catalogue_category_member m JOIN up ON up.leaf = m.category_id WHERE m.offering_code = o.code ORDER BY 1),
  ARRAY(SELECT p.part_code FROM catalogue_bundle_part p WHERE p.offering_id = o.id ORDER BY p.position, p.part_code),
  ARRAY(SELECT p.part_code FROM catalogue_bundle_part p WHERE p.offering_id = o.id AND p.quantity_min > 0 ORDER BY p.position, p.part_code),
  CASE WHEN o.sellable AND o.state = 'launched' AND o.valid_from > %(at)s THEN o.valid_from END
FROM catalogue_offering o WHERE o.state IN ('launched', 'retired', 'obsolete')
ORDER BY o.code, (o.state = 'launched' AND o.valid_from <= %(at)s AND (o.valid_until IS NULL OR o.valid_until > %(at)s)) DESC, o.version DESC
"""


def offers_known(path: tuple[int, ...], *, at: datetime) -> list[Offer]:
    """Return every offering that was ever on sale, as the engine knows it; ``on_sale`` by itself at ``at`` in the last of ``path``."""
    with connection.cursor() as cursor:
        cursor.execute(_OFFERS, {"at": at, "path": list(path)})
        return [
            Offer(code=code, kind=kind, name=Named(zh, en), version=version, fee=fee, segments=tuple(segments), channels=tuple(channels),
                  sold_in=tuple(sold_in), on_sale=on_sale, categories=tuple(categories), parts=tuple(parts), always=tuple(always), sold_from=sold_from)
            for code, kind, zh, en, version, fee, segments, channels, sold_in, on_sale, categories, parts, always, sold_from in cursor.fetchall()
        ]


def org_names() -> Mapping[int, Named]:
    """Return the names of all organisations in both languages."""
    return {org.id: Named(org.name_zh, org.name_en) for org in staff.org_labels().values()}


def category_names() -> Mapping[str, Named]:
    """Return the names of all categories in both languages, by code."""
    return {code: Named(zh, en) for code, zh, en in Category.objects.values_list("code", "name_zh", "name_en")}


def book_as_if(rule_id: UUID, org_id: int, *, by: Actor, at: datetime) -> RuleBook:
    """Return the rule book as it would be with a draft in force in place of its code's present version; kept nowhere."""
    by.require("catalogue.rules")
    with acting(by):
        draft, path = version_of(rule_row(rule_id, by=by)), org_path(org_id)
        others = [rule for rule in rule_versions(path, at=at) if rule.code != draft.code]
        mine = [draft] if draft.org_id in path else []
        return compile_book([*others, *mine], offers_known(path, at=at), revision=revision().catalogue, orgs=org_names(),
                            categories=category_names())


def rule_rows(*, by: Actor) -> QuerySet[EligibilityRule]:
    """Every version of every rule, by code; needs ``catalogue.view``."""
    by.require("catalogue.view")
    return EligibilityRule.objects.order_by("code", "-version")


def rule_row(rule_id: UUID, *, by: Actor) -> EligibilityRule:
    """Return one version of a rule; raises ``NotFound``."""
    by.require("catalogue.view")
    with acting(by):
        row = EligibilityRule.objects.filter(id=rule_id).first()
    if row is None:
        raise NotFound
    return row


def rule_versions_of(code: str, *, by: Actor) -> list[EligibilityRule]:
    """Return all versions of a rule, the newest first."""
    by.require("catalogue.view")
    with acting(by):
        return list(EligibilityRule.objects.filter(code=code).order_by("-version"))


def sentences_of(rows: Iterable[EligibilityRule], *, at: datetime) -> dict[UUID, Described]:
    """Return what each rule says as readable sentences, in the words of the catalogue at ``at``."""
    offers, orgs, categories = _names(str(connection.settings_dict["NAME"]), revision(), at.date())
    return {row.id: describe(version_of(row), offers=offers, orgs=orgs, categories=categories) for row in rows}


@lru_cache(maxsize=8)
def _names(database: str, now: Revision, day: date) -> tuple[Mapping[str, Named], Mapping[int, Named], Mapping[str, Named]]:
    del database, now
    known = offers_known((), at=datetime(day.year, day.month, day.day, tzinfo=UTC))
    return {offer.code: offer.name for offer in known}, org_names(), category_names()


def is_draft(row: EligibilityRule) -> bool:
    """Tell whether a version may still be changed."""
    return row.state in DRAFTS
