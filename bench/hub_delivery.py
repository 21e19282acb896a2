"""Events to other systems: 10,000 events to ten subscribers of which one hangs, against a bare loop posting the same bodies.

Ours is everything from the outbox to the last of the nine that answer: rights, documents, lines, signatures, marking as
delivered. Each subscriber is a client of its own that sees personal data masked (who sees it bare leaves a trace for each
customer besides). The reference posts bodies that are there already, over the same client and as many connections.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from bench.children import die_with_parent
from bench.figures import Figure, Timing, median_rate
from bench.ground import Ground

NAME = "hub-delivery"
REACH = 0.5
EVENTS, ANSWERING, ROUNDS = 10_000, 9, 3
# As `tongke up` starts them.
DELIVERERS = max(1, min(4, len(os.sched_getaffinity(0)) // 2))
SUBSCRIBE = """
from datetime import UTC, datetime
 from tongke.areas.staff import queries, services
 from tongke.kernel.actor import acting, system_actor
 from tongke.kernel.clock import now
 from tongke.tmf.hub.allowing import allow_target
 from tongke.tmf.hub.subscriptions import subscribe
 from tongke.tmf.kit.registry import all_apis
 by, api = system_actor("bench"), next(a for a in all_apis() if (a.number, a.version) == ("629", "v4"))
 with acting(by):
  allow_target(target="127.0.0.0/8", by=by, at=now())
  for port in sys.argv[1:]:
   new = services.register_client(name=f"bench-{port}-{now().timestamp()}", org_id=1, roles=["integrator"], by=by, at=now())
   token = services.issue_token(client_id=new.client.id, scope="party.view integration.subscribe", by=system_actor("oauth"), at=now()).token
   who = queries.actor_of_token(token, address="127.0.0.1", at=now())
   subscribe(api=api, callback=f"http://127.0.0.1:{port}/listener", query="eventType=CustomerCreateEvent", by=who, at=now())
"""
HAPPEN = """
INSERT INTO kernel_outbox (occurred_at, id, name, org_id, customer_id, subject_id, actor, payload)
SELECT clock_timestamp(), tongke_uuid7(), 'party.customer_created.v1', c.org_id, c.id, c.id, 'bench',
  jsonb_build_object('subject_id', c.id, 'customer_id', c.id, 'org_id', c.org_id, 'party_id', c.party_id, 'customer_no', c.customer_no,
                     'kind', 'individual', 'segment', c.segment, 'created_at', c.created_at)
FROM (SELECT * FROM party_customer ORDER BY id LIMIT %s) c
"""
FORGET = "DELETE FROM tmf_delivery; DELETE FROM tmf_notice; DELETE FROM tmf_inbox; DELETE FROM tmf_course; DELETE FROM tmf_subscription"


@contextmanager
def running(*words: str, environment: dict[str, str], told: bool = True) -> Iterator[subprocess.Popen[str]]:
    """Run a process inside the block."""
    process = subprocess.Popen([sys.executable, *words], env=environment, text=True, stdout=subprocess.PIPE if told else subprocess.DEVNULL,
                               cwd=Path(__file__).resolve().parent.parent, preexec_fn=die_with_parent)  # noqa: PLW1509 - one system call
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def said(process: subprocess.Popen[str]) -> str:
    """Wait for the next line of a process; raises ``RuntimeError`` when it ended instead."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"the process ended: {process.args!r}")
    return line.strip()


def _ours(owner: psycopg.Connection, receivers: subprocess.Popen[str]) -> Timing:
    began = time.monotonic()
    owner.execute(HAPPEN, [EVENTS])
    return _timing(began, float(said(receivers)))


def _theirs(file: Path, ports: Sequence[str], receivers: subprocess.Popen[str], environment: dict[str, str]) -> Timing:
    with running("-m", "bench.posting", str(file), *ports, environment=environment) as posting:
        return _timing(float(said(posting)), float(said(receivers)))


def _timing(began: float, ended: float) -> Timing:
    whole = EVENTS * ANSWERING
    return Timing([(ended - began) / whole] * whole, ended - began)


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure round by round in turn, after one round of ours that warms up and leaves the bodies."""
    del clients
    ours: list[Timing] = []
    theirs: list[Timing] = []
    with tempfile.TemporaryDirectory(prefix="tongke-bench-") as folder, ExitStack() as stack:
        file = Path(folder) / "bodies"
        receivers = stack.enter_context(running("-m", "bench.receivers", str(EVENTS), str(ANSWERING), str(file), environment=ground.environment))
        ports = said(receivers).split()
        owner = stack.enter_context(ground.owner())
        owner.execute(FORGET)
        ground.run(SUBSCRIBE.replace("\nfrom", "import sys\n from", 1).strip(), *ports, as_owner=False)
        for word in ("fan-out", *("deliver",) * DELIVERERS):
            stack.enter_context(running("-m", "tongke.tmf.hub", word, environment=ground.environment, told=False))
        _ours(owner, receivers)
        for _round in range(ROUNDS):
            theirs.append(_theirs(file, ports[:ANSWERING], receivers, ground.environment))
            ours.append(_ours(owner, receivers))
        owner.execute(FORGET)
    a, b = median_rate(ours), median_rate(theirs)
    return [Figure(name=NAME, size=ground.size, clients=ANSWERING + 1, figure=round(a, 1), unit="1/s", reference=round(b, 1), ratio=round(a / b, 3), reach=REACH)]
