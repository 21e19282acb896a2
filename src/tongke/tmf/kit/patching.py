"""Applying a patch to a document: JSON Merge Patch (RFC 7386) and JSON Patch (RFC 6902)."""

from __future__ import annotations

import copy
from typing import Any

import jsonpatch
import jsonpointer
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongke.tmf.kit.bodies import ITEMS_MAX, MERGE, PATCH, body_of, media_type
from tongke.tmf.kit.errors import PatchUnfit, UnsupportedMedia

OPERATIONS_MAX = 500
OPERATIONS = frozenset({"add", "remove", "replace", "move", "copy", "test"})


def merged(target: Any, patch: Any) -> Any:
    """Return ``target`` with a merge patch applied: null removes, objects are merged, all else replaces (RFC 7386)."""
    if not isinstance(patch, dict):
        return patch
    made = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = merged(made.get(name), value)
    return made


def patched(document: dict[str, Any], operations: Any) -> Any:
    """Return the document with a JSON Patch applied; raises ``PatchUnfit``, a failed test among its causes."""
    if not isinstance(operations, list) or len(operations) > OPERATIONS_MAX:
        raise PatchUnfit(what=_("it must be a list of at most {n} operations").format(n=OPERATIONS_MAX))
    for operation in operations:
        if not isinstance(operation, dict) or operation.get("op") not in OPERATIONS or not isinstance(operation.get("path"), str):
            raise PatchUnfit(what=_("every operation has op and path"))
        if operation["op"] in {"move", "copy"} and not isinstance(operation.get("from"), str):
            raise PatchUnfit(what=_("move and copy have from"))
    made: Any = copy.deepcopy(document)
    copied = 0
    try:
        for operation in copy.deepcopy(operations):
            if operation["op"] == "copy":
                # Each copy may double the document.
                copied += size_of(jsonpointer.resolve_pointer(made, operation["from"]))
                if copied > ITEMS_MAX:
                    raise PatchUnfit(what=_("the document grows beyond what can be kept"))
            made = jsonpatch.JsonPatch([operation]).apply(made, in_place=True)
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException, TypeError, ValueError, KeyError, IndexError, AttributeError) as fault:
        raise PatchUnfit(what=str(fault)[:200] or type(fault).__name__) from None
    return made


def size_of(value: Any) -> int:
    """Return how many values a value holds, itself among them, a long text as several; stops where it is too many."""
    waiting, seen = [value], 0
    while waiting and seen <= ITEMS_MAX:
        at = waiting.pop()
        seen += 1 + (len(at) // 50 if isinstance(at, str) else 0)
        if isinstance(at, dict | list):
            waiting += at.values() if isinstance(at, dict) else at
    return seen


def wanted(request: HttpRequest, document: dict[str, Any]) -> tuple[Any, frozenset[str]]:
    """Return the document as the request's patch leaves it, and the first-level attributes that the patch names.

    Raises ``UnsupportedMedia``, ``UnfitBody``, ``PatchUnfit``.
    """
    given = media_type(request)
    if given in PATCH:
        operations = body_of(request, PATCH)
        after = patched(document, operations)
        named = {operation[key].split("/")[1].replace("~1", "/").replace("~0", "~")
                 for operation in operations for key in ("path", "from")
                 if operation["op"] != "test" and operation.get(key, "").count("/") and (key == "path" or operation["op"] == "move")}
        if any(operation["path"] == "" and operation["op"] != "test" for operation in operations):
            raise PatchUnfit(what=_("the document as a whole cannot be replaced"))
        return after, frozenset(named)
    if given in MERGE:
        patch = body_of(request, MERGE)
        if not isinstance(patch, dict):
            raise PatchUnfit(what=_("a merge patch is an object"))
        return merged(document, patch), frozenset(patch)
    raise UnsupportedMedia(given=given[:100] or "-", known=", ".join((*MERGE, *PATCH)))
