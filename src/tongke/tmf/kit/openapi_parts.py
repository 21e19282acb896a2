"""Parameters, headers and error answers that the OpenAPI documents of all APIs share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import override

from tongke.tmf.kit.asking import LIMIT_DEFAULT, LIMIT_MAX, OFFSET_MAX
from tongke.tmf.kit.declared import Resource
from tongke.tmf.kit.errors import REASONS
from tongke.tmf.kit.mapping import Listed, Many, Node, Obj, One
from tongke.tmf.kit.schema import kind_of

PATH_LENGTH_MAX = 3
FORMATS: Mapping[str, Mapping[str, Any]] = {
    "number": {"type": "number"}, "boolean": {"type": "boolean"}, "instant": {"type": "string", "format": "date-time"},
}


def _query(name: str, about: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": about, "schema": {"type": "string", **schema}}


def _header(name: str, about: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": about, "schema": {"type": "string", **schema}}


PARAMETERS: dict[str, Any] = {
    "id": {"name": "id", "in": "path", "required": True, "description": "Identifier of the document",
           "schema": {"type": "string", "minLength": 1, "maxLength": 200}},
    "fields": _query("fields", "Attributes to give, joined by commas; id and href always come along"),
    "offset": _query("offset", "How many documents to pass over", type="integer", minimum=0, maximum=OFFSET_MAX, default=0),
    "limit": _query("limit", f"How many documents to give; {LIMIT_MAX} at most", type="integer", minimum=0, maximum=10**9, default=LIMIT_DEFAULT),
    "sort": _query("sort", "Attributes to sort by, joined by commas; a minus before one turns its order"),
    "Prefer": _header("Prefer", "count=exact asks for the whole count even where it takes long", examples=["count=exact"]),
    "X-Purpose": _header("X-Purpose", "What personal data is read for; kept in the log of looks", maxLength=60, pattern="^[ -~]*$"),
    "Idempotency-Key": _header("Idempotency-Key", "The same key with the same body creates once and gives the same answer",
                               maxLength=200, pattern="^[!-~]*$"),
    "If-Match": _header("If-Match", "ETag of the version that the change is meant for; 412 where it is another by now", pattern="^[!-~]*$"),
    "If-None-Match": _header("If-None-Match", "ETag of the version that the client has", pattern="^[!-~]*$"),
}
RESPONSE_HEADERS: dict[str, Any] = {
    "X-Total-Count": {"description": "How many documents match in all, within what the caller may see", "schema": {"type": "integer", "minimum": 0}},
    "X-Result-Count": {"description": "How many documents this answer holds", "schema": {"type": "integer", "minimum": 0}},
    "X-Total-Count-Relation": {"description": "gte where there are at least so many, because counting all took too long",
                               "schema": {"type": "string", "enum": ["gte"]}},
    "Link": {"description": "Addresses of self, first, prev, next and last (RFC 8288)", "schema": {"type": "string"}},
    "Location": {"description": "Where the new document stands", "schema": {"type": "string"}},
    "ETag": {"description": "The version of the document", "schema": {"type": "string"}},
    "Allow": {"description": "The methods that are allowed here", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "How to authenticate", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds until the next attempt", "schema": {"type": "integer"}},
}
ERRORS = ("400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "429", "500", "503")
MORE_HEADERS = {"401": "WWW-Authenticate", "405": "Allow", "429": "Retry-After", "503": "Retry-After"}


def named_parameter(name: str) -> dict[str, str]:
    """Return a reference to a shared parameter."""
    return {"$ref": f"#/components/parameters/{name}"}


def named_header(name: str) -> dict[str, str]:
    """Return a reference to a shared header of answers."""
    return {"$ref": f"#/components/headers/{name}"}


def error_answers() -> dict[str, Any]:
    """Return the shared answers, one for each status of refusal."""
    with override("en"):
        texts = {status: str(words) for status, words in REASONS.items()}
    texts |= {500: "The fault is the server's and is recorded", 503: "The database is away for a moment"}
    return {
        status: {
            "description": texts[int(status)],
            **({"headers": {MORE_HEADERS[status]: named_header(MORE_HEADERS[status])}} if status in MORE_HEADERS else {}),
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}, "example": {
                "code": "GEN-04", "reason": texts[int(status)], "message": "What was wrong, and what mends it", "status": status, "@type": "Error"}}},
        }
        for status in ERRORS
    }


def answers(good: Mapping[str, Any], *refusals: str) -> dict[str, Any]:
    """Return an operation's answers: the good ones, the named refusals, and what any operation may meet."""
    return dict(good) | {status: {"$ref": f"#/components/responses/{status}"} for status in (*refusals, "500", "503")}


def filter_parameters(resource: Resource) -> Iterator[dict[str, Any]]:
    """Give a parameter for every attribute of the columns, and every plain one of the first level, that a list filters by."""
    seen = {"id", "href"}
    yield _query("id", "Identifiers, joined by commas")
    for path in (*_mapped(resource.attributes), *((name,) for name in resource.schema_names)):
        name, kind = ".".join(path), kind_of(resource.document, path)
        if name in seen or kind in {None, "object"} or path[-1].startswith("@") or path[-1] == "href":
            continue
        seen.add(name)
        yield _query(name, f"Filters by {name}; also with .ne, .gt, .gte, .lt, .lte, .regex",
                     **FORMATS.get(str(kind), {}))


def _mapped(parts: Mapping[str, Node], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Give the paths that end at a column."""
    for name, node in parts.items():
        path = (*above, name) if name else above
        if len(path) > PATH_LENGTH_MAX:
            continue
        if isinstance(node, Obj | Many | One):
            yield from _mapped(node.parts, path)
        elif isinstance(node, Listed):
            for item in node.items:
                yield from _mapped(item.parts, path)
        else:
            yield path
