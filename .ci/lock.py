"""Compiles the pinned requirements (with hashes, without index addresses) and the browser's lock file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hatch_build import node_folder, run_node  # noqa: E402 - the folder above must be on the path first

COMPILE = [
    str(Path(sys.executable).parent / "uv"), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-annotate", "--no-header", "pyproject.toml",
]


def main() -> None:
    """Write requirements/base.txt, requirements/dev.txt and package-lock.json."""
    more = sys.argv[1:]
    subprocess.run([*COMPILE, "--extra", "build", "-o", "requirements/base.txt", *more], cwd=ROOT, check=True)
    subprocess.run([*COMPILE, "--extra", "dev", "-c", "requirements/base.txt", "-o", "requirements/dev.txt", *more], cwd=ROOT, check=True)
    npm = node_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run_node(ROOT, npm, "install", "--package-lock-only", "--omit-lockfile-registry-resolved=true", "--no-audit", "--no-fund")


if __name__ == "__main__":
    main()
