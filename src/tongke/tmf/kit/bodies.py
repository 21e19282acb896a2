"""Reading a request's body: size, charset, repeated names, depth and numbers are checked before anything looks inside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils.translation import gettext as _

from tongke.tmf.kit.errors import BodyTooLarge, UnfitBody, UnsupportedMedia

BODY_BYTES_MAX = 1024 * 1024
DEPTH_MAX = 30
ITEMS_MAX = 20_000
NUMBER_DIGITS_MAX = 40
JSON = ("application/json",)
MERGE = ("application/merge-patch+json", "application/json")
PATCH = ("application/json-patch+json",)
QUERY_PATCH = ("application/json-patch-query+json",)


def media_type(request: HttpRequest) -> str:
    """Return the body's media type; raises ``UnsupportedMedia`` for a charset other than UTF-8."""
    charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
    if charset.lower().strip('"') not in {"utf-8", "utf8", "us-ascii"}:
        raise UnsupportedMedia(given=f"{request.content_type}; charset={charset}"[:100], known="charset=utf-8")
    return (request.content_type or "").lower()


def body_of(request: HttpRequest, known: Sequence[str]) -> Any:
    """Return the JSON of the body. Raises ``UnsupportedMedia``, ``BodyTooLarge``, ``UnfitBody``."""
    given = media_type(request)
    if given not in known:
        raise UnsupportedMedia(given=given[:100] or "-", known=", ".join(known))
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > BODY_BYTES_MAX:
        raise BodyTooLarge(limit=BODY_BYTES_MAX)
    try:
        raw = request.body
    except RequestDataTooBig:
        raise BodyTooLarge(limit=BODY_BYTES_MAX) from None
    except (UnreadablePostError, RawPostDataException):
        raise UnfitBody(what=_("it ended before it was whole")) from None
    if len(raw) > BODY_BYTES_MAX:
        raise BodyTooLarge(limit=BODY_BYTES_MAX)
    return parsed(raw)


def parsed(raw: bytes) -> Any:
    """Return the value of one JSON text. Raises ``UnfitBody``."""
    try:
        text = raw.decode("utf-8")
        found = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant, parse_int=_whole, parse_float=_float)
    except UnicodeDecodeError:
        raise UnfitBody(what=_("it is not UTF-8")) from None
    except RecursionError:
        raise UnfitBody(what=_("it is nested deeper than {n} levels").format(n=DEPTH_MAX)) from None
    except json.JSONDecodeError as fault:
        raise UnfitBody(what=_("it is no JSON from line {line}, column {column}").format(line=fault.lineno, column=fault.colno)) from None
    _check(found)
    return found


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise UnfitBody(what=_("the name {name} stands twice in one object").format(name=name[:60].encode("utf-8", "replace").decode()))
        made[name] = value
    return made


def _no_constant(word: str) -> NoReturn:
    raise UnfitBody(what=_("{word} is no JSON number").format(word=word))


def _whole(text: str) -> int:
    if len(text) > NUMBER_DIGITS_MAX:
        raise UnfitBody(what=_("a number is too long"))
    return int(text)


def _float(text: str) -> float:
    found = float(text)
    if found in (float("inf"), float("-inf")) or len(text) > NUMBER_DIGITS_MAX * 2:
        raise UnfitBody(what=_("a number is too large"))
    return found


def _check(found: Any) -> None:
    """Bound depth and number of values, and refuse texts that no database can hold."""
    waiting: list[tuple[Any, int]] = [(found, 0)]
    seen = 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > DEPTH_MAX:
            raise UnfitBody(what=_("it is nested deeper than {n} levels").format(n=DEPTH_MAX))
        if seen > ITEMS_MAX:
            raise UnfitBody(what=_("it holds more than {n} values").format(n=ITEMS_MAX))
        if isinstance(value, dict):
            for name, inner in value.items():
                _check_text(name)
                waiting.append((inner, depth + 1))
        elif isinstance(value, list):
            waiting += [(inner, depth + 1) for inner in value]
        elif isinstance(value, str):
            _check_text(value)


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise UnfitBody(what=_("a text holds the character U+0000"))
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise UnfitBody(what=_("a text holds half of a character (a lone surrogate)"))
