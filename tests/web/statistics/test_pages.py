"""The statistics pages show what the metrics count, within the scope, and lead to the rows."""

from __future__ import annotations

import csv
import io

import pytest

from tests.factories import accounts as make
from tests.factories import staff

pytestmark = pytest.mark.django_db


def people() -> None:
    for org_id, state, name in ((3301, "active", "王芳"), (3301, "left", "李四"), (3302, "active", "=cmd()"), (3201, "active", "南京人")):
        make.bare_customer(org_id=org_id, state=state, name=name)


@pytest.mark.parametrize(("org_id", "in_force"), [(33, 2), (3302, 1), (1, 3), (330101, 1)])
def test_cards_count_the_scope_of_the_post(org_id: int, in_force: int) -> None:
    people()
    client = staff.signed_in_at(org_id, "analyst")
    page = client.get("/statistics/CUS-01?by=org&file=csv")
    rows = list(csv.reader(io.StringIO(page.content.decode("utf-8-sig"))))[1:]
    assert sum(int(row[-1]) for row in rows) == in_force
    assert client.get("/statistics").status_code == 200


def test_organisation_filter_never_widens_the_scope() -> None:
    people()
    client = staff.signed_in_at(3302, "analyst")
    page = client.get("/statistics/CUS-02?by=org&org=1&file=csv").content.decode()
    assert "南京" not in page
    assert "杭州" not in page


def test_a_figure_leads_to_the_rows_it_counts() -> None:
    people()
    client = staff.signed_in_at(33, "analyst")
    page = client.get("/statistics/CUS-02?by=org,state").content.decode()
    assert "/customers?org=3301&amp;state=left" in page


@pytest.mark.parametrize("address", ["/statistics", "/statistics/metrics", "/statistics/CUS-01"])
def test_pages_need_the_permission(address: str) -> None:
    client = staff.signed_in_at(330101, "clerk")
    assert client.get(address).status_code == 403


def test_unknown_figure_is_a_plain_answer() -> None:
    client = staff.signed_in_at(33, "analyst")
    answer = client.get("/statistics/XXX-99")
    assert answer.status_code == 404
    assert "XXX-99" in answer.content.decode()
    assert client.get("/statistics/CUS-01?by=shoe").status_code == 404
