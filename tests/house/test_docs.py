"""What the documentation names is there: files it links to, codes of rules and permissions, pages, commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer
from django.urls import Resolver404, resolve

from tongke.cli.main import gather

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("README.md")])
BY_HAND = [file for file in WRITTEN if "generated" not in file.parts and file.name != "CHANGELOG.md"]
LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
RULE = re.compile(r"\b(?:ACC|CAT|CC|IMP|INV|OPS|ORD|PTY|RES|SEC|TMF)-\d{2,3}\b")
ROOMS = "account|analytics|catalogue|contact_centre|integration|inventory|ordering|party|resource|staff"
PERMISSION = re.compile(rf"(?:{ROOMS})\.(?!(?:events|queries|services|states)\b)[a-z_]+")
PAGE = re.compile(r"/[a-z0-9/-]*")
# Answered before Django: by the process of live streams, by the server's own health, by the kit for every address below.
ELSEWHERE = {"/mcp", "/healthz", "/api/"}
COMMAND = re.compile(r"(?:^|[\s`(])tongke ([a-z][a-z-]+)(?: ([a-z][a-z-]+))?")


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as they are made of their words."""
    heads = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", head).lower()).strip().replace(" ", "-") for head in heads}


def lost_links(file: Path) -> Iterator[str]:
    """Yield the links of a page that lead nowhere within the repository."""
    for target in LINK.findall(FENCED.sub("", file.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _hash, anchor = unquote(target).partition("#")
        aim = (file.parent / path).resolve() if path else file
        if not aim.exists() or (anchor and aim.suffix == ".md" and anchor not in anchors(aim.read_text(encoding="utf-8"))):
            yield target


def declared(page: str) -> str:
    """Return a generated page."""
    return (ROOT / "docs" / "generated" / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_leads_somewhere(file: Path) -> None:
    assert list(lost_links(file)) == []


def test_every_code_of_a_rule_is_declared() -> None:
    known = set(RULE.findall(declared("rules.md")))
    lost = {f"{file.name}: {code}" for file in BY_HAND for code in RULE.findall(file.read_text(encoding="utf-8")) if code not in known}
    assert lost == set()


def test_every_permission_is_declared() -> None:
    known = set(PERMISSION.findall(declared("permissions.md")))
    named = {(file.name, word) for file in (ROOT / "docs").glob("*.md") for word in CODE.findall(file.read_text(encoding="utf-8")) if PERMISSION.fullmatch(word)}
    assert {name for name in named if name[1] not in known} == set()
    assert len(named) > 10


def test_every_page_is_there() -> None:
    """A path in backquotes is a page of the house."""
    lost, found = set(), 0
    for file in BY_HAND:
        for word in CODE.findall(file.read_text(encoding="utf-8")):
            if not PAGE.fullmatch(word) or word in ELSEWHERE:
                continue
            found += 1
            try:
                resolve(word)
            except Resolver404:
                lost.add(f"{file.name}: {word}")
    assert lost == set()
    assert found > 30


def test_every_command_is_there() -> None:
    """``tongke word word`` names a command, and where that has commands of its own, one of them."""
    tree = typer.main.get_command(gather())
    commands = getattr(tree, "commands", {})
    lost = set()
    for file in BY_HAND:
        for first, second in COMMAND.findall(file.read_text(encoding="utf-8")):
            below = getattr(commands.get(first), "commands", None)
            if first not in commands or (below is not None and second and second not in below):
                lost.add(f"{file.name}: tongke {first} {second}")
    assert lost == set()


def test_the_glossary_is_in_order_and_in_both_languages() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)[2:]
    words = [row[0] for row in rows]
    assert words == sorted(words, key=str.casefold)
    assert len(set(words)) == len(words) > 80
    assert [row for row in rows if not re.search(r"[\u4e00-\u9fff]", row[1])] == []
