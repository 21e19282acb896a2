"""How the hub fares in a few numbers, for whoever watches over an installation; nothing of any person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import connection

# What each process of the hub calls its connection to the database.
NAMES: Final = {"fan-out": "tongke hub fan-out", "deliver": "tongke hub deliver"}
SILENT_SECONDS_MAX, LAG_SECONDS_MAX, COUNTED_MAX = 60, 120, 10_000
# Both kinds of process ask the database several times a second as long as they live.
PULSE = """
SELECT (SELECT count(*) FROM (SELECT FROM tmf_inbox WHERE error = '' LIMIT %(most)s) i),
  (SELECT extract(epoch FROM clock_timestamp() - occurred_at)::float8 FROM tmf_inbox WHERE error = '' ORDER BY id LIMIT 1),
  (SELECT count(*) FROM tmf_inbox WHERE error <> ''),
  (SELECT count(*) FROM tmf_subscription WHERE state = 'suspended'),
  count(*) FILTER (WHERE application_name = %(fan_out)s), count(*) FILTER (WHERE application_name = %(deliver)s)
FROM pg_stat_activity WHERE datname = current_database() AND clock_timestamp() - greatest(query_start, state_change) < make_interval(secs => %(silent)s)
"""


@dataclass(frozen=True, slots=True)
class Pulse:
    """Events that wait to be laid out (counted up to ``COUNTED_MAX``) and since when the first of them does, events set aside,
    stopped subscriptions, and how many processes of each kind showed life within the last minute.
    """

    waiting: int
    oldest_seconds: float | None
    set_aside: int
    suspended: int
    fan_outs: int
    deliverers: int

    @property
    def lives(self) -> bool:
        """Tell whether both kinds of process are there."""
        return self.fan_outs > 0 and self.deliverers > 0

    @property
    def flows(self) -> bool:
        """Tell whether events are laid out soon after they happen."""
        return self.oldest_seconds is None or self.oldest_seconds <= LAG_SECONDS_MAX


def pulse() -> Pulse:
    """Return how the hub fares now, within the sight of the current actor."""
    with connection.cursor() as cursor:
        cursor.execute(PULSE, {"most": COUNTED_MAX, "silent": SILENT_SECONDS_MAX, "fan_out": NAMES["fan-out"], "deliver": NAMES["deliver"]})
        return Pulse(*cursor.fetchone())
