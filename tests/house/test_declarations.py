"""What the code declares agrees with what stands beside it: generated pages, migrations, codes."""

from __future__ import annotations

from collections import Counter

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from tongke.config import generated
from tongke.kernel.errors import Refused
from tongke.kernel.permissions import all_permissions
from tongke.kernel.rules import all_rules
from tongke.kernel.verb import all_verbs


def test_generated_pages_are_fresh() -> None:
    """docs/generated says what the code declares; `make docs` writes it anew."""
    assert generated.stale() == []


def test_no_migration_is_missing() -> None:
    """The models are what the migrations make."""
    with translation.override(None):  # migrations name choices in the source's words
        loader = MigrationLoader(None, ignore_no_migrations=True)
        changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    own = {label: [m.name for m in found] for label, found in changes.items() if apps.get_app_config(label).name.startswith("tongke.")}
    assert own == {}


def test_migrations_have_one_end_each() -> None:
    """Two migrations that follow the same one would have to be merged."""
    assert MigrationLoader(None, ignore_no_migrations=True).detect_conflicts() == {}


def _refusals(kind: type[Refused]) -> set[type[Refused]]:
    found = {child for child in kind.__subclasses__() if child.__module__.startswith("tongke.")}
    return found.union(*(_refusals(child) for child in kind.__subclasses__()))


def test_a_code_stands_for_one_thing() -> None:
    """No code is used by two refusals, or by a rule and a refusal."""
    generated.read_everything()
    declared = [kind.code for kind in _refusals(Refused) if "code" in vars(kind)] + [rule.code for rule in all_rules()]
    assert [code for code, count in Counter(declared).items() if count > 1] == []


def test_verbs_ask_for_declared_permissions() -> None:
    """A verb cannot ask for a permission that no room declares: nobody could ever hold it."""
    generated.read_everything()
    asked = {code for verb, code in all_verbs().items() if verb.startswith("tongke.")}
    assert asked - set(all_permissions()) == set()
