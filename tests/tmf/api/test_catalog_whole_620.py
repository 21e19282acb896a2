"""The demo operator's whole catalogue over TMF620 and TMF671: every document has its shape, and sent back it is the next version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import tongke.simulator
from tests.factories import staff
from tests.tmf.api.calling import Caller
from tongke.areas.catalogue import services
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db
FILE = Path(tongke.simulator.__file__).parent / "catalogue" / "operator.yaml"
GIVEN = {"id", "href", "lastUpdate", "version", "lifecycleStatus", "used"}
# Every one of few, some of many.
STEPS = {"productSpecification": 1, "promotion": 1, "productOffering": 5}


def said(value: Any) -> Any:
    """What a document says, without what tells this version from others."""
    if isinstance(value, dict):
        return {name: said(part) for name, part in value.items() if name not in GIVEN}
    return [said(part) for part in value] if isinstance(value, list) else value


def test_every_document_can_be_sent_back_as_the_next_version() -> None:
    staff.tree()
    with acting(staff.TESTER):
        services.import_catalogue(text=FILE.read_text(encoding="utf-8"), mode="launch", by=staff.TESTER, at=clock.now())
    for name in ("catalog", "category", "productOfferingPrice"):
        caller = Caller(name, "product_manager")
        documents = caller.listing("limit=200").json()
        assert len(documents) > 1
        assert caller.get(documents[0]["id"]).json() == documents[0]
    for name, step in STEPS.items():
        caller = Caller(name, "product_manager")
        for document in caller.listing("limit=200").json()[::step]:
            body = {key: value for key, value in document.items() if key not in GIVEN | ({"isBundle"} if name == "productSpecification" else set())}
            made = caller.made(body)
            assert int(made["version"]) == int(document["version"]) + 1
            body.pop("validFor")
            assert {key: said(made.get(key)) for key in body} == {key: said(value) for key, value in body.items()}, document["name"]
