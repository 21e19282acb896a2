"""Rules of the rule book itself: what may be saved, by whom, and from when."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from tongke.areas.catalogue.rules.eligibility import parameters_of
from tongke.areas.catalogue.rules.eligibility.parameters import Parameters
from tongke.areas.catalogue.rules.shapes import reason_of
from tongke.areas.catalogue.states import RuleEffect, RuleKind
from tongke.kernel.rules import rule

_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{1,39}")


def parameters_read(kind: str, given: object, *, effect: str) -> tuple[str, Parameters | None]:
    """Return (what is wrong with a rule's parameters, the typed ones); one of the two is empty."""
    for word, value, known in (("kind", kind, RuleKind.values), ("effect", effect, RuleEffect.values)):
        if value not in known:
            return f"{word}: " + str(_("{given} is none of {known}")).format(given=value, known=", ".join(known)), None
    try:
        return "", parameters_of(kind, given, effect=effect)
    except ValidationError as fault:
        told = [(".".join(map(str, error["loc"])), reason_of(error)) for error in fault.errors(include_url=False)]
        return "; ".join(f"{place}: {reason}" if place else reason for place, reason in told), None
    except ValueError as fault:
        return str(fault), None


@rule("CAT-80", says=_("{code} is not a rule's code"), mend=_("Use 2 to 40 capital letters, digits, - or _, beginning with a letter or digit"),
      field="code")
def is_rule_code(*, code: str) -> bool:
    """Codes of rules are written like those of offerings."""
    return _CODE.fullmatch(code) is not None


@rule("CAT-81", says=_("The parameters do not have the shape of this kind of rule: {fault}"), mend=_("Correct the fields named"), field="parameters")
def parameters_have_shape(*, fault: str) -> bool:
    """Each kind of rule has its own typed parameters."""
    return not fault


@rule("CAT-82", says=_("The rules would go in a circle: {path}"), mend=_("Leave one of these requirements out, give it an alternative, or sell them as one bundle"),
      field="parameters")
def is_no_circle(*, path: str) -> bool:
    """Offerings that wait for one another can never be ordered."""
    return not path


@rule("CAT-83", says=_("The rules would contradict each other: {path} (× = exclude each other)"),
      mend=_("Take the requirement or the exclusion back ({rules})"), field="parameters")
def is_no_contradiction(*, path: str) -> bool:
    """What must be held together does not exclude each other."""
    return not path


@rule("CAT-84", says=_("What {path} requires is never sold"), mend=_("Put it on sale first, or require something else"), field="parameters")
def requirement_is_sold(*, path: str) -> bool:
    """Something that is required can be had."""
    return not path


@rule("CAT-85", says=_("Version {other} of this rule is in force from {since} until {until}: the two would overlap"),
      mend=_("Choose a time outside, or end the other version first"), field="valid_from")
def versions_do_not_overlap(*, overlapping: int) -> bool:
    """One version of a rule is in force at a time."""
    return overlapping == 0


@rule("CAT-86", says=_("The rule would end before it begins"), mend=_("Choose a later end, or none"), field="valid_until")
def rule_ends_later(*, valid_from: datetime, valid_until: datetime | None) -> bool:
    """An end lies after the beginning."""
    return valid_until is None or valid_until > valid_from


@rule("CAT-87", says=_("The rules together would leave nobody who may order {path}"), mend=_("Widen one of the rules {rules}, or the offering's own terms"),
      field="parameters")
def somebody_is_left(*, path: str) -> bool:
    """The allowed segments, levels, channels or areas of all rules have something in common."""
    return not path


@rule("CAT-88", says=_("More of {path} would be needed than are allowed"), mend=_("Lower the least or raise the most of {rules}"), field="parameters")
def quantities_agree(*, path: str) -> bool:
    """No least is above another rule's most."""
    return not path


@rule("CAT-89", says=_("The catalogue does not know {unknown}"), mend=_("Choose offerings and categories of the catalogue"), field="parameters")
def names_are_known(*, unknown: Collection[str]) -> bool:
    """Codes that a rule names exist."""
    return not unknown


@rule("CAT-90", says=_("This version is {state} and cannot be changed"), mend=_("Draft a new version instead"))
def version_is_a_draft(*, draft: bool, state: str = "") -> bool:
    """What was in force stays as it was."""
    return draft


@rule("CAT-91", says=_("Who drafted a rule does not put it in force"), mend=_("Let a second person look at it"))
def second_person_decides(*, created_by: str, actor: str) -> bool:
    """Two persons stand for a rule."""
    return created_by != actor


@rule("CAT-92", says=_("The rule is not in force and not planned"), mend=_("Choose a version in force"), field="valid_until")
def rule_is_running(*, running: bool) -> bool:
    """Only what is in force or planned can be ended."""
    return running


@rule("CAT-93", says=_("The end lies in the past"), mend=_("Rules change from now on: what was decided by them stays decided"), field="valid_until")
def end_is_ahead(*, valid_until: datetime, at: datetime) -> bool:
    """Nothing ends backwards."""
    return valid_until >= at


@rule("CAT-94", says=_("Your area of responsibility does not hold this organisation"), mend=_("Ask the level above to set the rule"), field="org_id")
def org_is_in_sight(*, seen: bool) -> bool:
    """Who sets a rule answers for the organisation."""
    return seen


@rule("CAT-95", says=_("Names in both languages are needed"), mend=_("Give the rule a Chinese and an English name"), field="name_zh")
def rule_is_named(*, name_zh: str, name_en: str) -> bool:
    """Rules are read in both languages."""
    return bool(name_zh.strip()) and bool(name_en.strip())


@rule("CAT-96", says=_("Lines under a document can be counted only for a kind or for every offering"),
      mend=_("Choose a kind as the subject, or count per customer"), field="subject_kind")
def document_count_is_of_a_kind(*, per: str, subject_kind: str) -> bool:
    """What runs under a document elsewhere is known by kind of line only."""
    return per != "document" or subject_kind in ("kind", "all")
