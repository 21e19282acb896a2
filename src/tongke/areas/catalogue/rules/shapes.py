"""What does not have the shape that it should: words in place of a library's messages. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tongke.areas.catalogue.rules.findings import Finding
from tongke.kernel.rules import rule


@rule("CAT-12", says=_("{what}: {reason}"), mend=_("Write it as the description of the catalogue file says"), field="")
def has_shape(*, what: str, reason: str) -> bool:
    """Every word has the type and the bounds that it should."""
    return not reason


def _choices(error: ErrorDetails) -> str:
    return str(_("{given} is none of {known}")).format(given=error["input"], known=str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", "))


_REASONS: Mapping[str, Callable[[ErrorDetails], Any]] = {
    "missing": lambda _error: _("it is needed and missing"), "extra_forbidden": lambda _error: _("this word is unknown here"), "enum": _choices,
    "literal_error": _choices, "string_type": lambda error: str(_("a text is wanted, not {given}; put it in quotes")).format(given=error["input"]),
    "string_too_long": lambda error: str(_("at most {most} characters")).format(most=error["ctx"]["max_length"]),
    "string_too_short": lambda _error: _("it is empty"), "string_pattern_mismatch": lambda error: str(_("{given} does not have the form of a code")).format(given=error["input"]),
    "greater_than_equal": lambda error: str(_("at least {bound}")).format(bound=error["ctx"]["ge"]),
    "greater_than": lambda error: str(_("more than {bound}")).format(bound=error["ctx"]["gt"]),
    "less_than_equal": lambda error: str(_("at most {bound}")).format(bound=error["ctx"]["le"]),
    "less_than": lambda error: str(_("less than {bound}")).format(bound=error["ctx"]["lt"]),
    "decimal_max_places": lambda error: str(_("at most {most} decimals")).format(most=error["ctx"]["decimal_places"]),
    "too_short": lambda _error: _("it needs at least one entry"), "timezone_aware": lambda _error: _("the instant needs a zone: 2026-01-31T00:00:00Z"),
    "value_error": lambda error: error["ctx"]["error"],
}
_BY_TYPE = {
    "decimal": _("a number is wanted"), "int": _("a whole number is wanted"), "bool": _("true or false is wanted"), "tuple": _("a list is wanted"),
    "list": _("a list is wanted"), "dict": _("a mapping is wanted"), "model": _("a mapping is wanted"), "datetime": _("an instant is wanted: 2026-01-31T00:00:00Z"),
    "finite": _("a number is wanted"),
}


def reason_of(error: ErrorDetails, known: tuple[str, ...] = ()) -> str:
    """Say what is wrong in the house's words; ``known`` are words that could have been meant."""
    found = _REASONS.get(error["type"])
    said = str(found(error) if found is not None else _BY_TYPE.get(error["type"].split("_", maxsplit=1)[0], error["msg"]))
    if error["type"] == "extra_forbidden":
        close = get_close_matches(str(error["loc"][-1]), known, 1)
        said += str(_("; did you mean {word}?")).format(word=close[0]) if close else ""
    return said


def shape_findings(fault: ValidationError, known: Callable[[tuple[Any, ...]], tuple[str, ...]] = lambda _loc: ()) -> list[Finding]:
    """Return every fault of a shape as a broken rule with its path."""
    out = []
    for error in fault.errors(include_url=False):
        # A mapping's key that does not fit is told at the entry itself.
        path = tuple(step for step in error["loc"] if step != "[key]")
        out.append(Finding(path, has_shape.broken(what=str(path[-1]) if path else "?", reason=reason_of(error, known(path)))))
    return out
