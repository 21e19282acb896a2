"""The operator's catalogue: one file that imports without a finding, and every offer of it can be priced, judged and taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
import yaml

from tongke.areas.catalogue import queries, services
from tongke.areas.catalogue.rules.eligibility import Facts
from tongke.kernel.actor import Actor, acting, system_actor
from tongke.simulator.calendar_months import UNTIL
from tongke.simulator.demo_catalogue import RETIRED, SOLD_FROM
from tongke.simulator.ground import FROM, catalogue_text, lay_ground
from tongke.simulator.load import checked_span
from tongke.simulator.offers import OFFERS, offer_rows

Owner = psycopg.Connection[Any]
FILE = yaml.safe_load(catalogue_text("operator"))


@pytest.fixture
def operator(owner_connection: Owner) -> Iterator[Actor]:
    """Put the catalogue on sale and give the system's own actor."""
    lay_ground(owner_connection, checked_span(10, 1, 5, UNTIL))
    by = system_actor("test")
    with acting(by):
        yield by


def test_the_file_is_of_a_believable_operator() -> None:
    """Some sixty offers and more, of every kind, with what belongs to them."""
    offerings = FILE["offerings"]
    assert len(offerings) >= 60
    assert {o["kind"] for o in offerings.values()} == {"mobile", "fixed", "broadband", "tv", "bundle", "value_added", "ict", "device"}
    assert {p["kind"] for o in offerings.values() for p in o.get("prices", ())} == {"one_off", "recurring", "usage", "deposit", "prestore"}
    assert len(FILE["rules"]) >= 25
    assert len(FILE["promotions"]) >= 8
    assert {s["level"] for s in FILE["specifications"].values()} == {"product", "service", "resource"}
    shelved = {code for branch in FILE["categories"].values() for code in branch.get("offerings", ())}
    assert shelved == set(offerings)


def instants(said: Any) -> Iterator[datetime]:
    """Every instant that a file names, at whatever depth."""
    if isinstance(said, datetime):
        yield said
    for inner in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        yield from instants(inner)


@pytest.mark.parametrize("said", [FILE, yaml.safe_load(catalogue_text("retired")), [FROM, SOLD_FROM, RETIRED]], ids=["operator", "retired", "demo"])
def test_sale_begins_and_ends_at_midnight_in_china(said: Any) -> None:
    assert {instant.astimezone(ZoneInfo("Asia/Shanghai")).time() for instant in instants(said)} <= {time(0)}


def test_fees_are_those_of_the_simulated_customers() -> None:
    """What customers hold costs and includes the same in the file, and every fee keeps its id."""
    for offer in OFFERS:
        said = FILE["offerings"][offer.code]
        own = [p for p in said["prices"] if p["kind"] == "recurring" and not {"part_code", "segment", "area_id", "channel", "condition"} & set(p)]
        assert sum(Decimal(str(p["amount"])) for p in own) == Decimal(offer.fee) / 100, offer.code
        assert (said["kind"], said["name_zh"], said["name_en"]) == (offer.kind, offer.name_zh, offer.name_en)
        included = {name: value for name, value in offer.included.items() if name not in ("data_gb", "minutes") or value}
        assert included.items() <= said.get("characteristics", {}).items(), offer.code


@pytest.mark.django_db(transaction=True)
def test_everything_is_on_sale_and_importing_again_changes_nothing(operator: Actor, owner_connection: Owner) -> None:
    """Launched at once, with the ids by which products know their offers; the export is the file."""
    states = dict(owner_connection.execute("SELECT state, count(*) FROM catalogue_offering GROUP BY 1").fetchall())
    assert states == {"launched": len(FILE["offerings"])}
    held = dict(owner_connection.execute("SELECT code, replace(id::text, '-', '') FROM catalogue_offering").fetchall())
    rows = offer_rows()
    assert all(held[code] == ident for code, ident in zip(rows["code"].to_pylist(), rows["id"].to_pylist(), strict=True))
    again = services.import_catalogue(text=catalogue_text("operator"), mode="launch", by=operator, at=UNTIL)
    assert again.changed == ()
    # What began long ago is exported without its beginning.
    plain = "".join(line for line in catalogue_text("operator").splitlines(keepends=True) if not line.startswith(("#", "    valid_from:")))
    assert queries.export_catalogue(by=operator, at=UNTIL) == plain


@pytest.mark.django_db(transaction=True)
def test_every_offer_can_be_priced_judged_and_taken_apart(operator: Actor, owner_connection: Owner) -> None:
    """A quote with lines for each offer, a verdict for each, and below most of them a resource."""
    del operator
    priced = queries.priced_offerings(at=UNTIL)
    assert set(priced) == set(FILE["offerings"])
    for code in priced:
        quote = queries.quote(code, configuration=queries.Configuration(segment="residential", areas=(3301, 33, 1), channel="hall"), at=UNTIL)
        assert quote.lines, code
    book = queries.rules_in_force(3301, at=UNTIL)
    judged = queries.judge(book, Facts(on=date(2026, 11, 20), segment="residential", channel="hall", age=40, verified=True, orgs=(1, 33, 3301), credit_class="A"))
    assert set(judged.verdicts) == set(FILE["offerings"])
    for ident, code in owner_connection.execute("SELECT id, code FROM catalogue_offering").fetchall():
        pieces = queries.decompose(ident, at=UNTIL).pieces
        if FILE["offerings"][code]["kind"] in ("mobile", "broadband", "tv", "fixed"):
            assert any(piece.level == "resource" for piece in pieces), code


@pytest.mark.django_db(transaction=True)
def test_a_database_of_an_earlier_simulation_gets_the_catalogue_too(owner_connection: Owner) -> None:
    """What was sold without prices becomes the earlier version; its products keep it."""
    lay = checked_span(10, 1, 5, UNTIL)
    owner_connection.execute(
        "INSERT INTO catalogue_offering (id, code, version, kind, name_zh, name_en, monthly_fee, currency, characteristics, valid_from)"
        " VALUES (tongke_uuid7(), 'M19', 1, 'mobile', '旧', 'Old', 19, 'CNY', '{}', %s)", [FROM])
    lay_ground(owner_connection, lay)
    found = owner_connection.execute("SELECT version, state, valid_until IS NULL FROM catalogue_offering WHERE code = 'M19' ORDER BY version").fetchall()
    assert [row[0] for row in found] == [1, 2]
    assert found[1][1:] == ("launched", True)
