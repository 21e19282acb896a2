"""The web process killed in a burst of POSTs with idempotency keys: one effect each, nothing acknowledged lost."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.running.installation import MEND_SECONDS_MAX, Installation, wait_for

pytestmark = pytest.mark.fault
WRITERS = 4
KILLS = 3
PATH = "/tmf-api/party/v4/individual"


def token_of(installation: Installation) -> str:
    """Register a client on the command line and get a token over HTTP."""
    made = installation.command("client", "add", "burst", "--role", "integrator", "--org", "3301", "--per-minute", "0", "--json")
    assert made.returncode == 0, made.stdout + made.stderr
    told = json.loads(made.stdout[made.stdout.index("{"):])
    answer = requests.post(f"{installation.url}/oauth2/token", {"grant_type": "client_credentials"}, auth=(told["client_id"], told["client_secret"]), timeout=60)
    return str(answer.json()["access_token"])


def write(installation: Installation, token: str, writer: int, ended: threading.Event, confirmed: dict[str, str]) -> int:
    """Create people as fast as it goes; what was not confirmed is sent again with the same key. Returns how many were begun."""
    number = 0
    while not ended.is_set():
        key, number = f"W{writer}-{number}", number + 1
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        body = {"familyName": "赵", "givenName": key}
        limit = time.monotonic() + MEND_SECONDS_MAX
        while time.monotonic() < limit:
            try:
                answer = requests.post(installation.url + PATH, json=body, headers=headers, timeout=60)
            except requests.RequestException:
                time.sleep(0.05)  # the server is away: nothing to wait for but time
                continue
            if answer.status_code == 503:
                time.sleep(0.05)
                continue
            assert answer.status_code == 201, answer.text
            confirmed[key] = answer.json()["id"]
            break
    return number


def test_posts_with_keys_take_effect_once_though_the_web_process_is_killed(running: Installation) -> None:
    token, ended, confirmed = token_of(running), threading.Event(), dict[str, str]()
    with ThreadPoolExecutor(WRITERS) as pool:
        begun = [pool.submit(write, running, token, writer, ended, confirmed) for writer in range(WRITERS)]
        try:
            for _round in range(KILLS):
                before = len(confirmed)
                wait_for(lambda before=before: len(confirmed) > before + 15, MEND_SECONDS_MAX, "writing goes on")
                running.kill_one("web")
                wait_for(lambda: running.health().get("database", {}).get("ok"), MEND_SECONDS_MAX, "the pages answer again")
        finally:
            ended.set()
        sent = sum(one.result(timeout=MEND_SECONDS_MAX + 120) for one in begun)
    assert len(confirmed) > KILLS * 15
    held = running.rows("SELECT id::text, name FROM party_party WHERE name LIKE '%W%-%'")
    names = Counter(name for _key, name in held)
    assert set(names.values()) == {1}, "somebody is there twice"
    assert set(confirmed.values()) <= {key for key, _name in held}, "a confirmed person is missing"
    assert len(confirmed) <= len(held) <= sent
    again = requests.post(running.url + PATH, json={"familyName": "赵", "givenName": "W0-0"}, timeout=60,
                          headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "W0-0"})
    assert (again.status_code, again.json()["id"]) == (201, confirmed["W0-0"])
    page = requests.get(f"{running.url}{PATH}?limit=1", headers={"Authorization": f"Bearer {token}", "Prefer": "count=exact"}, timeout=60)
    assert page.headers["X-Total-Count"] == str(len(held))
    audit = running.command("verify-audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr
