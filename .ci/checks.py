"""Every check, the same list here and in CI; all run, then the failed ones are named.

What needs one core runs beside the tests, which wait for the database now and then; its words come after theirs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
LINT = {
    "ruff": ["ruff", "check", "--quiet", "."],
    "import order of floors, areas and rooms": ["lint-imports", "--no-logo"],
    "mypy": ["mypy", "src/tongke"],
}


def workers() -> str:
    """Return how many test processes to run: one a core, four at most."""
    return str(max(1, min(4, len(os.sched_getaffinity(0)))))


def say(words: str) -> None:
    """Write at once."""
    sys.stdout.write(words)
    sys.stdout.flush()


def run(name: str, words: list[str], *, aside: bool = False) -> tuple[bool, str]:
    """Run one check; return whether it passed, and what is still to be said of it: all of it if it ran ``aside``."""
    began = time.monotonic()
    if not aside:
        say(f"── {name}\n")
    kept = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True} if aside else {}
    done = subprocess.run([str(BIN / words[0]), *words[1:]], cwd=ROOT, check=False, **kept)  # type: ignore[call-overload]  # one of two ways
    told = f"   {'ok' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s\n"
    return done.returncode == 0, f"── {name}\n{done.stdout}{told}" if aside else told


def audit_packages() -> str:
    """Tell of known holes in the pinned packages where the advisory service is reachable; never a failure."""
    if os.environ.get("TONGKE_SKIP_AUDIT") == "1" or shutil.which(str(BIN / "pip-audit")) is None:
        return ""
    try:
        done = subprocess.run(
            [str(BIN / "pip-audit"), "--requirement", "requirements/base.txt", "--no-deps", "--disable-pip", "--progress-spinner", "off",
             "--timeout", "5"], cwd=ROOT, check=False, capture_output=True, text=True, timeout=120,
        )
    except subprocess.TimeoutExpired:
        return "── pip-audit: not reachable from here, skipped\n"
    reached = "No known vulnerabilities" in done.stderr or "Found" in done.stderr
    return f"── pip-audit\n{done.stdout}{done.stderr}" if reached else "── pip-audit: not reachable from here, skipped\n"


def main() -> int:
    """Run what is asked for: ``--lint`` alone, or everything; further words go to pytest."""
    words = sys.argv[1:]
    lint_only = "--lint" in words
    outcomes = {}
    with ThreadPoolExecutor(1) as beside:
        lint = {name: beside.submit(run, name, command, aside=True) for name, command in LINT.items()}
        audit = None if lint_only else beside.submit(audit_packages)
        if not lint_only:
            outcomes["pytest"] = run("pytest", ["python", "-m", "pytest", "-n", workers(), "--dist", "loadfile", "-q", *words])
            say(outcomes["pytest"][1])
        for name, check in lint.items():
            outcomes[name] = check.result()
            say(outcomes[name][1])
        say(audit.result() if audit else "")
    failed = [name for name, (passed, _told) in outcomes.items() if not passed]
    say(f"\nFAILED: {', '.join(failed)}\n" if failed else "\nAll checks passed.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
