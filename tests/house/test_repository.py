"""What may not stand in a committed file: places of one machine, hosts of registries, promises."""

from __future__ import annotations

import re

from tests.house.source import ROOT, committed

# Written in pieces, or this file would be its own finding.
HOSTS = re.compile("|".join([r"py" + r"pi\.org", r"python" + r"hosted\.org", r"npm" + r"js\.(org|com)", r"npm" + r"mirror", r"yarn" + r"pkg\.com",
                             r"conda\.ana" + r"conda\.org", r"proxy\.go" + r"lang\.org", r"registry" + r"\.[a-z]+\.(org|com|cn)"]))
PLACES = re.compile("|".join([r"(?<![\w.])/wo" + r"rk/", r"/tmp/" + r"w/", r"/ro" + r"ot/", r"(?<![\w.])/ho" + r"me/[a-z]"]))
PROMISES = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b|#.*\bX" + r"XX\b")
TEXT = {".py", ".md", ".toml", ".json", ".txt", ".mjs", ".js", ".ts", ".css", ".html", ".sql", ".po", ".yml", ".yaml", ".cfg", ".sh", ""}


def findings(pattern: re.Pattern[str], *, leave_out: tuple[str, ...] = ()) -> list[str]:
    """Return where ``pattern`` stands in committed text files."""
    out = []
    for path in committed():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix not in TEXT or name.startswith(leave_out):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if pattern.search(line):
                out.append(f"{name}:{number}")
    return out


def test_no_registry_is_named() -> None:
    """Whoever installs chooses where from: no committed file names a registry's host."""
    found = findings(HOSTS)
    assert not found, "\n".join(found)


def test_no_place_of_one_machine_is_named() -> None:
    """A path of somebody's machine means nothing on another."""
    found = findings(PLACES)
    assert not found, "\n".join(found)


def test_nothing_is_promised_in_comments() -> None:
    """What is not done is an issue, not a comment."""
    found = findings(PROMISES, leave_out=("package-lock.json", "requirements/", "tests/house/"))
    assert not found, "\n".join(found)


def test_requirements_are_pinned_with_hashes() -> None:
    """Every requirement is pinned to one version and carries its hashes; no index is named."""
    for name in ("base.txt", "dev.txt"):
        words = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        pins = [line for line in words.splitlines() if line and not line.startswith((" ", "#"))]
        assert pins, name
        assert all("==" in line for line in pins), name
        assert words.count("--hash=sha256:") >= len(pins)
        assert "index-url" not in words
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
