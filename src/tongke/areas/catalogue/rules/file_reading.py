"""Reading a catalogue file: YAML into blocks and shapes, every error with its line. Pure, and safe with any text.

The reader walks the parser's events, so that depth and size are bounded before anything is built; anchors, aliases and tags are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from tongke.areas.catalogue.rules.content import BLOCKS, CatalogueContent, Content
from tongke.areas.catalogue.rules.findings import Finding, Path, path_text
from tongke.areas.catalogue.rules.shapes import shape_findings
from tongke.kernel.rules import Broken, rule

FORMAT = 1
HEAD = "tongke_catalogue"
CHARACTERS_MAX = 8 * 1024 * 1024
DEPTH_MAX = 12
PROBLEMS_MAX = 500
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,12}")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_PLACE = re.compile(r"position \d+", re.IGNORECASE)


@rule("CAT-03", says=_("The file cannot be read: {reason}"), mend=_("Correct the line; the file is YAML as docs/catalogue-file.md describes it"))
def can_be_read(*, reason: str) -> bool:
    """A catalogue file is YAML of bounded size and depth, without anchors and tags."""
    return not reason


@rule("CAT-04", says=_("{word} stands twice, first on line {first}"), mend=_("Keep one of them"))
def word_stands_once(*, word: str, first: int, twice: bool) -> bool:
    """A later entry never silently replaces an earlier one."""
    return not twice


@rule("CAT-05", says=_("{word} is no block of a catalogue file"), mend=_("Use {known}"))
def block_is_known(*, word: str, known: str, is_known: bool) -> bool:
    """A file holds the blocks that the description names."""
    return is_known


@rule("CAT-06", says=_("The file does not begin with {head}: {version}"), mend=_("Write that as its first line"))
def format_is_said(*, head: str, version: int, given: object) -> bool:
    """A file says which version of the format it is written in."""
    return given == version


@dataclass(frozen=True, slots=True)
class Problem:
    """One error of a file: where, and the broken rule that says what and how to mend it."""

    line: int
    path: str
    broken: Broken

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.broken.code

    @property
    def message(self) -> str:
        """What is wrong, in the active language."""
        return self.broken.message

    @property
    def advice(self) -> str:
        """What would mend it, in the active language."""
        return self.broken.advice


@dataclass(slots=True)
class Paper:
    """What a file says: the content that has its shape, the line of every path, and every problem so far."""

    content: CatalogueContent = field(default_factory=CatalogueContent)
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """Return the line of a path, or of the nearest entry around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def tell(self, path: Path, broken: Broken) -> None:
        """Keep a problem at a path, as far as there are not too many already."""
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(Problem(self.line(path), path_text(path), broken))

    def take(self, findings: list[Finding]) -> None:
        """Keep what the rules found."""
        for finding in findings:
            self.tell(finding.path, finding.broken)

    def sorted_problems(self) -> list[Problem]:
        """Return the problems in the order of the file."""
        return sorted(self.problems, key=lambda problem: (problem.line, problem.path))


class _Unreadable(Exception):
    def __init__(self, line: int, reason: Any) -> None:
        super().__init__(str(reason))
        self.line, self.reason = line, str(reason)


def reads_as_text(text: str) -> bool:
    """Tell whether the word, unquoted, is read as a text."""
    return not (text in _WORDS or _INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text))


def _scalar(event: yaml.ScalarEvent) -> Any:
    text: str = event.value
    if event.style in ("'", '"', "|", ">"):  # quoted: a text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


@dataclass(slots=True)
class _Open:
    """A collection that is being read; ``word`` is the key that waits for its value."""

    value: Any
    path: Path
    word: Any = None
    waits: bool = False


def _checked(events: Iterator[Any]) -> Iterator[tuple[Any, int]]:
    """Yield the events with their lines, as long as they are of the plain kind; raises ``_Unreadable`` at the first that is not."""
    depth = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Unreadable(line, _("anchors and aliases are not read; write the content out"))
        tag = getattr(event, "tag", None)
        if tag not in (None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            raise _Unreadable(line, _("tags are not read"))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_MAX:
            raise _Unreadable(line, _("it is nested more than {most} levels deep").format(most=DEPTH_MAX))
        yield event, line


@dataclass(slots=True)
class _Builder:
    """Builds plain values from events and notes the line of every path."""

    paper: Paper
    root: Any = None
    stack: list[_Open] = field(default_factory=list)
    documents: int = 0
    word_line: int = 1

    def put(self, value: Any, line: int) -> Path:
        """Place a value into the innermost open collection and return its path."""
        if not self.stack:
            self.root = value
            return ()
        top = self.stack[-1]
        if isinstance(top.value, list):
            path = (*top.path, len(top.value))
            top.value.append(value)
        else:
            path = (*top.path, top.word)
            top.waits = False
            if top.word in top.value:
                self.paper.problems.append(Problem(line, path_text(path), word_stands_once.broken(word=top.word, first=self.paper.lines[path], twice=True)))
                return path
            top.value[top.word] = value
        self.paper.lines.setdefault(path, line)
        return path

    def take(self, event: Any, line: int) -> None:
        """Take one event."""
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _Unreadable(line, _("a file is one document; take the --- away"))
        top = self.stack[-1] if self.stack else None
        wants_word = top is not None and isinstance(top.value, dict) and not top.waits
        if wants_word and isinstance(event, yaml.ScalarEvent) and top is not None:
            top.word, top.waits = event.value, True
            self.word_line = line
        elif isinstance(event, yaml.ScalarEvent):
            self.put(_scalar(event), line)
        elif isinstance(event, yaml.CollectionStartEvent):
            if wants_word:
                raise _Unreadable(line, _("a word is wanted before the colon"))
            value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            path = self.put(value, self.word_line if top is not None and isinstance(top.value, dict) else line)
            self.stack.append(_Open(value, path))
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()


def _tree(text: str, paper: Paper) -> Any:
    if len(text) > CHARACTERS_MAX:
        raise _Unreadable(1, _("it is larger than {most} MB").format(most=CHARACTERS_MAX // 1024 // 1024))
    builder = _Builder(paper)
    try:
        for event, line in _checked(yaml.parse(text.removeprefix("\ufeff"), Loader=_LOADER)):
            builder.take(event, line)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        raise _Unreadable(mark.line + 1 if mark else 1, fault.problem or fault.context or _("no YAML")) from fault
    except UnicodeEncodeError as fault:
        raise _Unreadable(text.count("\n", 0, fault.start) + 1, _("it is not UTF-8 text")) from fault
    except yaml.YAMLError as fault:  # characters that no YAML has
        place = _PLACE.search(str(fault))
        raise _Unreadable(1, " ".join(str(fault).split())[:200] if place else _("no YAML")) from fault
    return builder.root


def _words_of(shape: Any, path: tuple[Any, ...]) -> tuple[str, ...]:
    """Return the words known at the place of a path within a shape: for what could have been meant."""
    for step in path[:-1]:
        fields = getattr(shape, "model_fields", None)
        if isinstance(step, int) or not fields or step not in fields:
            continue
        inner = [a for a in getattr(fields[step].annotation, "__args__", ()) if isinstance(a, type) and issubclass(a, Content)]
        shape = inner[0] if inner else None
    return tuple(getattr(shape, "model_fields", {}))


def _entry(noun: str, code: str, given: Any, paper: Paper) -> Any:
    shape = BLOCKS[noun]
    try:
        return shape.model_validate(given)
    except ValidationError as fault:
        paper.take([f.under(noun, code) for f in shape_findings(fault, lambda path: _words_of(shape, path))])
    except RecursionError:
        paper.tell((noun, code), can_be_read.broken(reason=str(_("it is nested too deeply"))))
    return None


def _block(noun: str, given: Any, paper: Paper) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        paper.tell((noun,), can_be_read.broken(reason=str(_("a mapping from code to content is wanted"))))
        return {}
    read = {str(code): _entry(noun, str(code), content, paper) for code, content in given.items()}
    return {code: content for code, content in read.items() if content is not None}


def decoded(data: bytes) -> tuple[str, list[Problem]]:
    """Return the text of a file's bytes, which are UTF-8, and the problem where they are not."""
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        return "", [Problem(line, "", can_be_read.broken(reason=str(_("it is not UTF-8 text"))))]


def read_catalogue(text: str) -> Paper:
    """Return what a file says; never raises: everything that is wrong with its form is in ``problems``."""
    paper = Paper()
    try:
        root = _tree(text, paper)
    except _Unreadable as fault:
        paper.problems.append(Problem(fault.line, "", can_be_read.broken(reason=fault.reason)))
        return paper
    if not isinstance(root, dict):
        paper.tell((), format_is_said.broken(head=HEAD, version=FORMAT, given=None))
        return paper
    given = root.pop(HEAD, None)
    if not format_is_said(head=HEAD, version=FORMAT, given=given):
        paper.tell((HEAD,), format_is_said.broken(head=HEAD, version=FORMAT, given=given))
    for word in root:
        if word not in BLOCKS:
            paper.tell((word,), block_is_known.broken(word=word, known=", ".join(BLOCKS), is_known=False))
    paper.content = CatalogueContent(**{noun: _block(noun, root.get(noun), paper) for noun in BLOCKS})
    return paper
