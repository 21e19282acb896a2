"""What the assistant may do, and what a refusal means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation
from pydantic import Field

# The services of every room: whatever they may refuse with is declared once they are read.
from tongke.areas.account import services as _account
from tongke.areas.catalogue import services as _catalogue
from tongke.areas.contact_centre import services as _contact_centre
from tongke.areas.inventory import services as _inventory
from tongke.areas.party import services as _party
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import PERSONAL_KINDS
from tongke.kernel.errors import NotFound, Refused
from tongke.kernel.permissions import all_permissions
from tongke.kernel.rules import all_rules
from tongke.tmf.assistant.declaring import LOGGED, Answer, Arguments, Asked, all_tools, tool

ROOMS = (_account, _catalogue, _contact_centre, _inventory, _party)


class Nothing(Arguments):
    """Nothing is asked for."""


class PermissionRow(Answer):
    """One permission."""

    code: str
    label: str


class OrgRow(Answer):
    """One organisation."""

    id: int
    name_zh: str
    name_en: str


class Oneself(Answer):
    """Whom the assistant acts for, and how far."""

    name: str
    user_name: str
    kind: str = Field(description="assistant: acts for a person; client: a system of its own.")
    post: str
    scope: list[OrgRow] | None = Field(description="The organisations whose customers are seen; null for the whole operator.")
    own_customers_only: bool
    permissions: list[PermissionRow]
    clear_personal_data: list[str] = Field(description="Kinds of personal data that come in clear when a purpose is given.")
    may_record: bool
    key_name: str
    key_expires_at: datetime | None
    tools: list[str]


@tool("Who am I")
def who_am_i(arguments: Nothing, asked: Asked) -> Oneself:
    """Tell for whom you act: name, post, area of responsibility, permissions, and how long the key still holds."""
    del arguments
    by = asked.holder
    declared, labels = all_permissions(), staff.org_labels()
    scope = None if by.scope is None else [
        OrgRow(id=org, name_zh=labels[org].name_zh, name_en=labels[org].name_en) for org in by.scope if org in labels
    ]
    tools = all_tools().values()
    return Oneself(
        name=by.display, user_name=by.name.partition(" ")[0], kind=by.kind, post=by.extra.get("post", ""), scope=scope,
        own_customers_only=by.own_rows_of is not None,
        permissions=[PermissionRow(code=code, label=str(declared[code].label)) for code in sorted(by.permissions) if code in declared],
        clear_personal_data=[kind for kind in PERSONAL_KINDS if by.may(f"party.see_{kind}")],
        may_record=any(one.writes and one.offered_to(by) for one in tools), key_name=by.extra.get("token_name", ""),
        key_expires_at=_instant(by.extra.get("token_expires_at") or by.extra.get("expires_at")),
        tools=[one.name for one in tools if one.offered_to(by)],
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class RefusalWanted(Arguments):
    """Which refusal."""

    code: str = Field(pattern=r"^[A-Z]{2,4}-\d{1,3}$", max_length=8, description="The code, e.g. PTY-12.", json_schema_extra=LOGGED)


class RefusalMeaning(Answer):
    """What a code stands for, in both languages. Places in braces are filled when it is said."""

    code: str
    kind: str = Field(description="rule: a business rule; refusal: any other no.")
    field: str = Field(description="The input that it is about, if one.")
    says_zh: str
    says_en: str
    mend_zh: str = Field(description="What would mend it, in Chinese.")
    mend_en: str = Field(description="What would mend it, in English.")


def _in_both(sentence: object) -> tuple[str, str]:
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(str(sentence))
    return said[0], said[1]


def _refusals(kind: type[Refused]) -> Iterator[type[Refused]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _refusals(child)


@tool("What a refusal means")
def explain_refusal(arguments: RefusalWanted, asked: Asked) -> RefusalMeaning:
    """Explain a code with which a tool, a page or the API refused something: what was wrong and what would mend it.

    Business rules have such codes too: use it to tell a customer why something is not possible, and what would make it so.
    """
    del asked
    for rule in all_rules():
        if rule.code == arguments.code:
            return _meaning(rule.code, "rule", rule.field, rule.says, rule.mend)
    for kind in _refusals(Refused):
        if kind.code == arguments.code:
            return _meaning(kind.code, "refusal", "", kind.says, kind.mend)
    raise NotFound(field="code")


def _meaning(code: str, kind: str, field: str, says: object, mend: object) -> RefusalMeaning:
    says_zh, says_en = _in_both(says)
    mend_zh, mend_en = _in_both(mend)
    return RefusalMeaning(code=code, kind=kind, field=field, says_zh=says_zh, says_en=says_en, mend_zh=mend_zh, mend_en=mend_en)
