"""Every sentence that a user may see is there in Chinese too, with the same places for values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_file

from tests.house.source import PACKAGE, modules, named
from tongke.config.catalogues import merged

KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}
PLACE = re.compile(r"\{(\w+)[^{}]*\}|%\((\w+)\)s")
# Keys of a mapping whose value is translated: the extractor takes the key for a sentence.
NO_SENTENCES = frozenset({"says"})
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))


def sentences(path: Path, method: str) -> Iterator[tuple[str, str | None, str]]:
    """Yield (sentence, context, place) for everything marked for translation in ``path``."""
    for line, message, _comments, context in extract_from_file(method, path, keywords=KEYWORDS, options={"newstyle_gettext": "true"}):
        words = message[0] if isinstance(message, tuple) else message
        if words and words not in NO_SENTENCES:
            yield words, context, f"{named(path)}:{line}"


def everything() -> list[tuple[str, str | None, str]]:
    """Return every sentence of the code and of the pages."""
    found = [s for path in modules() for s in sentences(path, "python")]
    return found + [s for path in TEMPLATES for s in sentences(path, "jinja2.ext:babel_extract")]


@pytest.fixture(scope="module")
def chinese() -> Any:
    """Give the assembled Chinese catalogue."""
    return merged(sorted((PACKAGE / "locale" / "zh_Hans" / "parts").glob("*.po")), "zh_Hans")


def test_every_sentence_is_there_in_chinese(chinese: Any) -> None:
    """No gap: what is marked for translation is translated."""
    missing = {}
    for words, context, where in everything():
        held = chinese.get(words, context)
        if held is None or not held.string or (isinstance(held.string, tuple) and not all(held.string)):
            missing.setdefault(words, where)
    assert not missing, f"{len(missing)} missing:\n" + "\n".join(f"{where} {words!r}" for words, where in missing.items())


def test_places_for_values_are_the_same(chinese: Any) -> None:
    """A translation that forgets a value, or invents one, would say something else."""
    wrong = []
    for message in chinese:
        if not message.id:
            continue
        source = message.id[0] if isinstance(message.id, tuple) else message.id
        string = message.string[0] if isinstance(message.string, tuple) else message.string
        if {a or b for a, b in PLACE.findall(source)} != {a or b for a, b in PLACE.findall(string)}:
            wrong.append(source)
    assert not wrong, "\n".join(wrong)
