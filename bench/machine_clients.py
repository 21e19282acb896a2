"""The machine clients under whose rights the benchmarks of the Open APIs ask, with a token each."""

from __future__ import annotations

import json
from typing import Any

from bench.ground import Ground

# name → (organisation, role): masked as an analyst sees it, clear as an integrator does.
CLIENTS = {"masked": (33, "analyst"), "group": (1, "analyst"), "clear": (33, "integrator"), "network": (3301, "integrator")}
ISSUE = """
import json, sys
 from tongke.kernel.actor import enter, system_actor
 from tongke.kernel import clock
 from tongke.areas.staff import services
 from tongke.areas.staff.models import MachineClient
 from tongke.areas.staff.services.tokens import issue_token
 by, at = system_actor("bench"), clock.now()
 enter(by)
 out = {}
 for name, (org, role) in json.loads(sys.argv[1]).items():
  found = MachineClient.objects.filter(name=f"bench-{name}").first()
  if found is None:
   found = services.register_client(name=f"bench-{name}", org_id=org, roles=[role], per_minute=0, reason="benchmarks", by=by, at=at).client
  out[name] = issue_token(client_id=found.id, by=by, at=at).token
 print(json.dumps(out))
"""


def tokens(ground: Ground) -> dict[str, str]:
    """Return a fresh token for every client, by name; the clients are registered once."""
    found: dict[str, Any] = json.loads(ground.printed(ISSUE.strip(), json.dumps(CLIENTS)))
    return found
