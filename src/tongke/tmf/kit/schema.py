"""What a document's schema says of a path: whether it exists, and the type of its end."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tongke.tmf.kit.shapes import Shape


def _bare(annotation: Any) -> tuple[Any, ...]:
    """Return the types that an annotation stands for, out of Annotated, Optional and lists."""
    origin = get_origin(annotation)
    if origin in {Union, UnionType}:
        return tuple(found for part in get_args(annotation) if part is not NoneType for found in _bare(part))
    if origin is list or origin is tuple:
        return _bare(get_args(annotation)[0])
    if origin is not None and hasattr(annotation, "__metadata__"):
        return _bare(get_args(annotation)[0])
    return (annotation,)


def is_list(info: FieldInfo) -> bool:
    """Tell whether the attribute holds a list."""
    parts = (info.annotation, *get_args(info.annotation))
    return any(get_origin(part) is list for part in parts)


@cache
def fields_of(shape: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return a shape's attributes by official name."""
    return {info.alias or name: info for name, info in shape.model_fields.items()}


@cache
def kind_of(shape: type[Shape], path: tuple[str, ...]) -> str | None:
    """Return the kind of the attribute at the end of ``path``: text, number, boolean, instant, any, or object.

    ``None`` where the schema knows no such attribute; below an attribute of any kind everything may stand.
    """
    at: Any = shape
    for place, name in enumerate(path):
        if at is Any:
            return "any"
        if not (isinstance(at, type) and issubclass(at, BaseModel)):
            return None
        info = fields_of(at).get(name)
        if info is None:
            return None
        found = _bare(info.annotation)
        models = [one for one in found if isinstance(one, type) and issubclass(one, BaseModel)]
        at = models[0] if models else (Any if Any in found or dict in {get_origin(one) or one for one in found} else found[0])
        if place == len(path) - 1:
            return _word(at)
    return None


@cache
def meets_list(shape: type[Shape], path: tuple[str, ...]) -> bool:
    """Tell whether a path passes through a list, or ends at one: then it has not one value but many."""
    at: Any = shape
    for name in path:
        info = fields_of(at).get(name) if isinstance(at, type) and issubclass(at, BaseModel) else None
        if info is None:
            return False
        if is_list(info):
            return True
        at = next((one for one in _bare(info.annotation) if isinstance(one, type)), None)
    return False


def _word(at: Any) -> str:
    if at is Any:
        return "any"
    if isinstance(at, type):
        if issubclass(at, BaseModel):
            return "object"
        if issubclass(at, bool):
            return "boolean"
        if issubclass(at, datetime):
            return "instant"
        if issubclass(at, int | float) or at.__name__ == "Decimal":
            return "number"
    return "text"
