"""Checking documents against their shape, on the way in and on the way out."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import TypeAdapter, ValidationError

from tongke.tmf.kit.declared import Resource
from tongke.tmf.kit.errors import UnfitDocument
from tongke.tmf.kit.shapes import Shape

log = logging.getLogger("tongke.tmf")
FAULTS_MAX = 50
# The library's commonest faults in both languages; what is rarer is told in its own words.
WORDING = {
    "missing": gettext_lazy("this attribute is mandatory"), "string_type": gettext_lazy("a text is wanted"), "float_type": gettext_lazy("a number is wanted"),
    "int_type": gettext_lazy("a whole number is wanted"), "bool_type": gettext_lazy("true or false is wanted"), "list_type": gettext_lazy("a list is wanted"),
    "model_type": gettext_lazy("an object is wanted"), "dict_type": gettext_lazy("an object is wanted"), "model_attributes_type": gettext_lazy("an object is wanted"),
    "string_too_long": gettext_lazy("the text is too long"), "too_long": gettext_lazy("the list is too long"), "finite_number": gettext_lazy("a finite number is wanted"),
    "less_than_equal": gettext_lazy("the number is too large"), "greater_than_equal": gettext_lazy("the number is too small"),
}
NAMES_MAX = 500


class UnfitAnswer(AssertionError):
    """A document of ours does not have the shape that we promise; raised where ``strict`` is set, as in tests."""


strict = False


def _path(place: Iterable[Any]) -> str:
    return ".".join(str(part) for part in place)


def _worded(found: Mapping[str, Any]) -> str:
    # What a shape of ours says stands in the catalogue under its English words.
    return str(WORDING.get(found["type"]) or _(str(found["msg"]).removeprefix("Value error, ")))


def _faults(fault: ValidationError) -> list[dict[str, str]]:
    return [{"code": found["type"], "path": _path(found["loc"])[:200] or "$", "message": _worded(found)} for found in fault.errors(include_url=False)[:FAULTS_MAX]]


def taken(resource: Resource, body: Any, *, creating: bool, named: Iterable[str] | None = None) -> Shape:
    """Return the body as the resource's document, with every fault listed where there is one.

    ``named`` are the attributes that the sender set (all of the body when creating): those that only the server sets
    are refused by name. Raises ``UnfitDocument``.
    """
    if not isinstance(body, dict):
        raise UnfitDocument([{"code": "type", "path": "$", "message": _("the document must be a JSON object")}])
    said = set(body if named is None else named)
    refused = resource.server_set if creating else resource.server_set | resource.fixed
    faults = [{"code": "server_set", "path": name, "message": _("only the server sets this attribute")} for name in sorted(said & refused)]
    if len(body) > NAMES_MAX:
        faults.append({"code": "too_many", "path": "$", "message": _("too many attributes")})
    if creating:
        faults += [{"code": "missing", "path": name, "message": _("this attribute is mandatory")} for name in resource.required if body.get(name) is None]
    try:
        made = resource.document.model_validate(body)
    except ValidationError as fault:
        raise UnfitDocument([*faults, *_faults(fault)]) from None
    except RecursionError:
        raise UnfitDocument([{"code": "depth", "path": "$", "message": _("nested too deep")}]) from None
    if faults:
        raise UnfitDocument(faults)
    return made


@cache
def _adapter(document: type[Shape], *, many: bool) -> TypeAdapter[Any]:
    return TypeAdapter(list[document] if many else document)  # type: ignore[valid-type]  # the type is chosen at run time


def check_out(resource: Resource, text: str | bytes, *, many: bool) -> None:
    """Hold what leaves against its shape: a fault of ours is recorded, and raised where ``strict`` is set."""
    try:
        _adapter(resource.document, many=many).validate_json(text)
    except ValidationError as fault:
        log.error("a document of %s leaves in a wrong shape: %s", resource.name, _faults(fault)[:3])  # noqa: TRY400 - the trace says nothing more
        if strict:
            raise UnfitAnswer(f"{resource.name}: {_faults(fault)[:3]}") from None


def chosen(document: Mapping[str, Any], fields: tuple[str, ...] | None) -> dict[str, Any]:
    """Return id, href and the named attributes of a document; all of it where no fields are named."""
    if fields is None:
        return dict(document)
    wanted: dict[str, Any] = {name: document[name] for name in ("id", "href") if name in document}
    for name in fields:
        head, _dot, rest = name.partition(".")
        if head in document:
            wanted[head] = _joined(wanted.get(head), _part(document[head], rest))
    return wanted


def _part(value: Any, rest: str) -> Any:
    if not rest:
        return value
    if isinstance(value, list):
        return [_part(item, rest) for item in value]
    if isinstance(value, dict):
        head, _dot, more = rest.partition(".")
        return {head: _part(value[head], more)} if head in value else {}
    return value


def _joined(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return one | {name: _joined(one.get(name), value) for name, value in other.items()}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [_joined(a, b) for a, b in zip(one, other, strict=True)]
    return other
