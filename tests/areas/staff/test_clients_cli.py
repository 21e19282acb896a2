"""`tongke client`: registering, listing, renewing and ending on the command line."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tests.factories import clients
from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.areas.staff.errors import ClientRefused
from tongke.cli import client as commands
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def say() -> Any:
    """Run `tongke client …` and return what it printed; a refusal is raised."""
    make.tree()
    app = typer.Typer()
    commands.register(app)
    app.callback()(lambda: None)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["client", *words])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def _identify(client_id: str, secret: str) -> Any:
    return services.identify_client(client_id=client_id, secret=secret, source=clients.HERE, by=clients.ENDPOINT, at=clock.now())


def test_add_prints_id_and_secret_once(say: Any) -> None:
    printed = say("add", "shop", "--role", "integrator", "--org", "3301", "--scope", "party:read", "--network", "127.0.0.0/8", "--per-minute", "90", "--days", "10")
    found = re.fullmatch(r"client_id:     (\S+)\nclient_secret: (tks_\S+)\n", printed)
    assert found is not None, printed
    assert str(_identify(found[1], found[2])) == found[1]
    with acting(make.TESTER):
        kept = queries.client_by_name(name="shop", by=make.TESTER)
    assert (kept.org_id, kept.roles, kept.scopes, kept.networks, kept.per_minute) == (3301, ["integrator"], ["party:read"], ["127.0.0.0/8"], 90)
    assert kept.valid_until is not None
    assert found[2] not in say("list")


def test_list_rotate_and_end(say: Any) -> None:
    first = json.loads(say("add", "bill", "--role", "integrator", "--json"))
    (line,) = json.loads(say("list", "--json"))
    assert (line["name"], line["client_id"], line["org"], line["last_used_at"]) == ("bill", first["client_id"], 1, None)
    assert "never used" in say("list") or "从未" in say("list")
    second = json.loads(say("rotate", "bill", "--overlap-hours", "0", "--json"))
    assert second["client_secret"] != first["client_secret"]
    with pytest.raises(ClientRefused):
        _identify(first["client_id"], first["client_secret"])
    assert str(_identify(first["client_id"], second["client_secret"])) == first["client_id"]
    assert "bill" in say("end", "bill")
    with pytest.raises(ClientRefused):
        _identify(first["client_id"], second["client_secret"])


@pytest.mark.parametrize(("words", "code"), [
    (("add", "x y", "--role", "integrator"), "SEC-50"), (("add", "fine", "--role", "nobody"), "SEC-27"), (("rotate", "absent"), "GEN-04"),
    (("end", "absent"), "GEN-04"), (("add", "fine", "--role", "integrator", "--org", "999999"), "GEN-04"),
])
def test_what_is_wrong_is_said(say: Any, words: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refused) as fault:
        say(*words)
    broken = getattr(fault.value, "broken", (fault.value,))
    assert code in {one.code for one in broken}
