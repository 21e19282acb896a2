"""Runs benchmarks by name: ``python -m bench.run NAME... [--all] [--size N] [--clients N] [--json]`` (see ``tongke bench``).

Exit status 0 where every promise holds, 1 where one falls short, 2 for a name that does not exist.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import django

BENCHMARKS = {
    "customer-get": "bench.customer_get", "customer-360": "bench.customer_360", "customer-page": "bench.customer_page",
    "customer-search": "bench.customer_search", "list-page": "bench.list_page", "customer-create": "bench.customer_create",
    "customer-import": "bench.customer_import", "hub-delivery": "bench.hub_delivery", "tmf-get": "bench.tmf_get", "tmf-list": "bench.tmf_list", "tmf-post": "bench.tmf_post",
    "plan-advice": "bench.plan_advice",
    "number-claim": "bench.number_claim", "number-search": "bench.number_search",
    "eligibility": "bench.eligibility", "coverage": "bench.coverage",
}
SIZES = (10_000, 100_000, 1_000_000)
CLIENTS = (1, 16)
# What brings a database of its own.
OWN_GROUND = frozenset({"coverage", "customer-import", "eligibility", "number-claim", "number-search", "plan-advice"})
# Where no size is asked for: what the promise speaks of.
SIZE_OF = {"customer-search": 1_000_000, "list-page": 1_000_000, "customer-import": 1_000_000, "tmf-list": 1_000_000,
           "coverage": 1_000_000, "number-claim": 100_000, "number-search": 10_000_000}
CLIENTS_OF = {"number-claim": (200,)}
# The embedded server of a benchmark takes two hundred clients of each side at once.
os.environ.setdefault("TONGKE_POSTGRES_SETTINGS", "max_connections=500")


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="tongke bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--all", action="store_true", help="run every benchmark")
    parser.add_argument("--size", type=int, help="customers in the database (default: 10000, or what the promise speaks of)")
    parser.add_argument("--clients", type=int, help="clients at once (default: 1 and 16)")
    parser.add_argument("--json", action="store_true", help="print a JSON list instead of a table")
    found = parser.parse_args(words)
    found.names = list(BENCHMARKS) if found.all else found.names
    unknown = [name for name in found.names if name not in BENCHMARKS]
    if unknown or not found.names:
        parser.error(f"choose from {', '.join(BENCHMARKS)}" + (f"; there is no {', '.join(unknown)}" if unknown else ""))
    return found


def say(line: str) -> None:
    """Tell on the error stream how far the run is; the output stream carries the figures only."""
    print(line, file=sys.stderr, flush=True)


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Return the figures as a table."""
    heads = ("name", "size", "clients", "figure", "unit", "reference", "ratio", "reach", "ok")
    lines = [heads, *(tuple("yes" if row[h] is True else "NO" if row[h] is False else f"{row[h]:,.3f}".rstrip("0").rstrip(".") if isinstance(row[h], float) else str(row[h]) for h in heads) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    return "\n".join("  ".join(cell.ljust(width) if at == 0 else cell.rjust(width) for at, (cell, width) in enumerate(zip(line, widths, strict=True))) for line in lines)


def measured(name: str, stage: Any, clients: Sequence[int]) -> list[dict[str, Any]]:
    """Run one benchmark; one that breaks is a promise that does not hold, and the others still run."""
    run: Callable[..., list[Any]] = import_module(BENCHMARKS[name]).run
    try:
        rows = [figure.document() for figure in run(stage, clients)]
    except RuntimeError as fault:
        say(f"{name} broke: {fault}")
        return [{"name": name, "size": stage.size, "clients": clients[-1], "figure": 0.0, "unit": "", "reference": 0.0, "ratio": 0.0, "reach": 1.0, "ok": False}]
    say(table(rows))
    return rows


def main(words: Sequence[str]) -> int:
    """Run what was asked for."""
    asked = arguments(words)
    django.setup()
    from bench.ground import Ground, ground  # noqa: PLC0415 - needs Django's settings
    from tongke.config import embedded  # noqa: PLC0415 - needs Django's settings

    rows: list[dict[str, Any]] = []
    with embedded.in_use():
        for name in asked.names:
            size = asked.size or SIZE_OF.get(name, SIZES[0])
            clients = (asked.clients,) if asked.clients else CLIENTS_OF.get(name, CLIENTS)
            say(f"{name}: {size:,} customers …")
            rows += measured(name, Ground(size, "") if name in OWN_GROUND else ground(size), clients)
    print(json.dumps(rows, indent=1, ensure_ascii=False) if asked.json else table(rows))
    return 0 if all(row["ok"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
