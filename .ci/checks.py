"""Every check, one after the other, the same list here and in CI; all run, then the failed ones are named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TYPED = [f"src/tongke/{floor}" for floor in ("kernel", "areas", "analytics", "tmf", "config", "cli", "jobs", "reactions")
         if (ROOT / "src" / "tongke" / floor).is_dir()]
LINT = {
    "ruff": ["ruff", "check", "--quiet", "."],
    "import order of floors, areas and rooms": ["lint-imports", "--no-logo"],
    "mypy": ["mypy", *TYPED],
}


def workers() -> str:
    """Return how many test processes to run: one a core, four at most."""
    return str(max(1, min(4, len(os.sched_getaffinity(0)))))


def run(name: str, words: list[str]) -> bool:
    """Run one check and tell whether it passed."""
    began = time.monotonic()
    sys.stdout.write(f"── {name}\n")
    sys.stdout.flush()
    passed = subprocess.run([str(BIN / words[0]), *words[1:]], cwd=ROOT, check=False).returncode == 0
    sys.stdout.write(f"   {'ok' if passed else 'FAILED'} in {time.monotonic() - began:.0f} s\n")
    return passed


def audit_packages() -> None:
    """Tell of known holes in the pinned packages where the advisory service is reachable; never a failure."""
    if shutil.which(str(BIN / "pip-audit")) is None:
        return
    try:
        done = subprocess.run(
            [str(BIN / "pip-audit"), "--requirement", "requirements/base.txt", "--no-deps", "--disable-pip", "--progress-spinner", "off",
             "--timeout", "5"], cwd=ROOT, check=False, capture_output=True, text=True, timeout=120,
        )
    except subprocess.TimeoutExpired:
        sys.stdout.write("── pip-audit: not reachable from here, skipped\n")
        return
    reached = "No known vulnerabilities" in done.stderr or "Found" in done.stderr
    sys.stdout.write(f"── pip-audit\n{done.stdout}{done.stderr}" if reached else "── pip-audit: not reachable from here, skipped\n")


def main() -> int:
    """Run what is asked for: ``--lint`` alone, or everything; further words go to pytest."""
    words = sys.argv[1:]
    lint_only = "--lint" in words
    checks = dict(LINT)
    if not lint_only:
        checks["pytest"] = ["python", "-m", "pytest", "-n", workers(), "--dist", "loadfile", "-q", *words]
    failed = [name for name, command in checks.items() if not run(name, command)]
    if not lint_only and os.environ.get("TONGKE_SKIP_AUDIT") != "1":
        audit_packages()
    sys.stdout.write(f"\nFAILED: {', '.join(failed)}\n" if failed else "\nAll checks passed.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
