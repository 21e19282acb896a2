"""Puts what Tongke runs on into .venv: pinned, with hashes, and only what is missing.

Runs on a bare Python 3.11 or newer with the standard library alone. Called by `make setup`; with
``--dev`` also what the checks need, the system's packages included.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
# Program that shows the package is there, and Debian's name of the package.
SYSTEM = {
    "chromium": (["/usr/bin/chromium", "/usr/bin/chromium-browser"], "browser journeys"),
    "fonts-noto-cjk": (["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"], "Chinese in journeys"),
    "poppler-utils": (["/usr/bin/pdftotext"], "reading the PDF of a customer card"),
    "postgresql": (["/usr/lib/postgresql"], "the proof against a server of the system"),
}


def say(words: str) -> None:
    """Tell the user what happens; set-up may take a minute."""
    sys.stderr.write(f"setup: {words}\n")
    sys.stderr.flush()


def digest(*names: str) -> str:
    """Return one hash over the named files of the repository."""
    whole = hashlib.sha256(sys.version.encode())
    for name in names:
        whole.update((ROOT / name).read_bytes())
    return whole.hexdigest()


def run(*words: str) -> None:
    """Run a step, silent unless it fails; ends the set-up with its words if it does."""
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"setup: this failed: {' '.join(words)}\n{done.stdout[-6000:]}")


def once(stamp: str, wanted: str, why: str, *steps: tuple[str, ...]) -> None:
    """Run ``steps`` unless the stamp says that they ran for ``wanted`` already."""
    file = VENV / f".{stamp}"
    if file.exists() and file.read_text(encoding="ascii") == wanted:
        return
    say(why)
    for step in steps:
        run(*step)
    file.write_text(wanted, encoding="ascii")


def make_venv() -> str:
    """Make .venv where it is missing or of another Python; returns its Python."""
    python = VENV / "bin" / "python"
    config = VENV / "pyvenv.cfg"
    version = f"version = {sys.version_info.major}.{sys.version_info.minor}."
    if not python.exists() or not config.exists() or version not in config.read_text(encoding="utf-8"):
        say("making .venv")
        try:
            venv.EnvBuilder(with_pip=True, clear=True, symlinks=True).create(VENV)
        except (OSError, subprocess.CalledProcessError) as fault:
            sys.exit(f"setup: Python's venv does not work here ({fault}); on Debian: apt-get install python3-venv")
    return str(python)


def system_packages() -> None:
    """Install the system's packages that tests use, where we may; else say what is missing."""
    missing = {name: why for name, (places, why) in SYSTEM.items() if not any(Path(p).exists() for p in places)}
    if not missing:
        return
    apt = shutil.which("apt-get")
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"] if shutil.which("sudo") else None
    if apt and sudo is not None:
        say(f"installing {' '.join(missing)} from the system's packages")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        install = [*sudo, apt, "install", "-y", "--no-install-recommends", *missing]
        if subprocess.run(install, check=False, **quiet).returncode:
            subprocess.run([*sudo, apt, "update"], check=False, **quiet)
            subprocess.run(install, check=False, **quiet)
        missing = {name: why for name, (places, why) in SYSTEM.items() if not any(Path(p).exists() for p in places)}
    for name, why in missing.items():
        say(f"MISSING: the system package {name} ({why}); the tests that need it are skipped")


def main() -> None:
    """Set up what is asked for."""
    if sys.version_info < (3, 11):  # noqa: UP036 - told in words where an older one runs this
        sys.exit(f"setup: Python 3.11 or newer is needed, this is {sys.version.split()[0]}; set PYTHON=python3.11")
    python = make_venv()
    pip = (python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet")
    once("base", digest("requirements/base.txt"), "installing the pinned packages",
         (*pip, "--require-hashes", "-r", "requirements/base.txt"))
    if "--dev" in sys.argv[1:]:
        once("dev", digest("requirements/dev.txt"), "installing what the checks need",
             (*pip, "--require-hashes", "-r", "requirements/dev.txt"))
        system_packages()
    once("package", digest("pyproject.toml", "hatch_build.py", "src/tongke/config/catalogues.py"), "installing Tongke itself",
         (*pip, "--no-deps", "--no-build-isolation", "--editable", "."))
    run(python, "hatch_build.py")


if __name__ == "__main__":
    main()
