"""What stands before the first customer: the operator's tree of organisations, the catalogue, months, place names."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import psycopg
from psycopg import sql

from tongke.kernel import clock
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.keys import address_key
from tongke.simulator.calendar_months import DAY, Span
from tongke.simulator.offers import OFFERS, offer_rows
from tongke.simulator.places import NETWORKS, town_map
from tongke.simulator.tables import GROUND_COLUMNS, MONTHLY

ORGS = (
    (1, "group", None, "/1/", "通客电信", "Tongke Telecom", ""),
    (33, "province", 1, "/1/33/", "浙江省公司", "Zhejiang", ""),
    (32, "province", 1, "/1/32/", "江苏省公司", "Jiangsu", ""),
    (3301, "local_network", 33, "/1/33/3301/", "杭州本地网", "Hangzhou", "0571"),
    (3302, "local_network", 33, "/1/33/3302/", "宁波本地网", "Ningbo", "0574"),
    (3303, "local_network", 33, "/1/33/3303/", "温州本地网", "Wenzhou", "0577"),
    (3201, "local_network", 32, "/1/32/3201/", "南京本地网", "Nanjing", "025"),
    (330101, "unit", 3301, "/1/33/3301/330101/", "武林营业厅", "Wulin Business Hall", ""),
    (330102, "unit", 3301, "/1/33/3301/330102/", "杭州10000号热线中心", "Hangzhou 10000 Hotline Centre", ""),
    (330103, "unit", 3301, "/1/33/3301/330103/", "杭州大客户部", "Hangzhou Key Accounts", ""),
    (330201, "unit", 3302, "/1/33/3302/330201/", "天一营业厅", "Tianyi Business Hall", ""),
    (330301, "unit", 3303, "/1/33/3303/330301/", "五马营业厅", "Wuma Business Hall", ""),
    (320101, "unit", 3201, "/1/32/3201/320101/", "新街口营业厅", "Xinjiekou Business Hall", ""),
)
"""Id, kind, parent, path, names, area code of every organisation of the demo operator."""

FROM = datetime(2014, 12, 31, 16, tzinfo=UTC)
"""Since when everything is on sale: the first day of 2015 in China."""
_ORG = """INSERT INTO staff_org (id, kind, parent_id, path, name_zh, name_en, area_code, zone, active)
VALUES (%s, %s, %s, %s, %s, %s, %s, 'Asia/Shanghai', true) ON CONFLICT DO NOTHING"""
# Registers what the load's addresses are found by, as the table's own trigger would row by row.
_PLACES = """INSERT INTO party_place_name (org_id, suffix, name)
SELECT f.org_id, substr(f.name, k), f.name
FROM (SELECT DISTINCT org_id, n.name FROM unnest(%s::int[], %s::text[], %s::text[]) a(org_id, street, place),
      tongke_place_names(a.street || a.place, a.place) n(name)) f, generate_series(1, greatest(length(f.name) - 1, 1)) k
ON CONFLICT DO NOTHING"""


def lay_ground(owner: psycopg.Connection[Any], span: Span) -> None:
    """Make what is missing of organisations, catalogue, monthly partitions and place names. Ordinary, audited writes."""
    with owner.transaction():
        for row in ORGS:
            owner.execute(_ORG, row)
        _drafts(owner)
        _months(owner, span)
        town = town_map()
        orgs = [NETWORKS[n].org_id for n in town.network.tolist()]
        streets = [f"{address_key(street)}1号" for street in town.street]
        owner.execute(_PLACES, [orgs, streets, [f"{key}1幢" for key in town.name_key]])
    _launch_catalogue(owner)


def catalogue_text(name: str) -> str:
    """Return one of the operator's catalogue files (docs/catalogue-file.md): ``operator`` or ``retired``."""
    return files("tongke.simulator").joinpath("catalogue", f"{name}.yaml").read_text(encoding="utf-8")


def _drafts(owner: psycopg.Connection[Any]) -> None:
    """Put in as drafts, with the ids by which products name them, the offers that simulated customers hold; the file completes them."""
    rows = offer_rows()
    columns = GROUND_COLUMNS["catalogue_offering"]
    statement = sql.SQL("INSERT INTO catalogue_offering ({}) VALUES ({}) ON CONFLICT DO NOTHING").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
    for place in range(len(OFFERS)):
        owner.execute(statement, [rows[name][place].as_py() for name in columns])


def _launch_catalogue(owner: psycopg.Connection[Any]) -> None:
    """Put the operator's catalogue on sale from its file, as anybody would; where it was put in before, do nothing.

    It is on sale since ever; in a database that sold some of it before, as earlier simulations did, from now on.
    """
    from tongke.areas.catalogue import services as catalogue  # noqa: PLC0415 - worker processes come by here before Django is set up

    if owner.execute("SELECT FROM catalogue_catalogue WHERE code = 'RETAIL'").fetchone() is not None:
        return
    sold = owner.execute("SELECT FROM catalogue_offering WHERE state = 'launched' LIMIT 1").fetchone() is not None
    by = system_actor("simulator")
    with acting(by):
        catalogue.import_catalogue(text=catalogue_text("operator"), mode="launch", by=by, at=clock.now() if sold else FROM)


def _months(owner: psycopg.Connection[Any], span: Span) -> None:
    """Make the partitions of every simulated month and of the month in which time ends."""
    for start in span.starts.tolist():
        for table in MONTHLY:
            owner.execute("SELECT tongke_ensure_month(%s, %s)", [table, datetime.fromtimestamp(start * DAY, tz=UTC)])
