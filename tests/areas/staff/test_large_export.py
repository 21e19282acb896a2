"""A large export needs a second person, for exactly this list with exactly these filters, once."""

from __future__ import annotations

import pytest

from tests.factories import party
from tests.factories import staff as make
from tongke.areas.staff.models import Look
from tongke.kernel.actor import acting
from tongke.web.customer_360.listing import Customers
from tongke.web.staff.exporting import controlled_export

pytestmark = pytest.mark.django_db


def test_more_rows_than_policy_lets_out_wait_for_the_second_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Customers, "export", controlled_export("party.export", "customers", rows_max=2))
    make.tree()
    for name in ("王芳", "李强", "赵敏"):
        party.customer(name, by=party.clerk(org_id=3301))
    client = make.signed_in_at(3301, "supervisor", name="孙丽")
    boss = make.signed_in_at(3301, "supervisor", name="周总")
    refused = client.get("/customers?export=csv&level=standard")
    assert refused.status_code == 422
    assert "WEB-31" in refused.content.decode()
    asked = client.get("/customers?export=csv&level=standard&reason=季度回访")
    address = asked["Location"]
    assert address.startswith("/approvals/")
    approval = address.rsplit("/", 1)[1]
    assert client.get(f"/customers?export=csv&level=standard&approval={approval}").status_code == 422  # not approved yet
    assert boss.post(address, {"decision": "approve"}).status_code == 302
    assert client.get(f"/customers?export=csv&approval={approval}").status_code == 422  # other filters than approved
    assert boss.get(f"/customers?export=csv&level=standard&approval={approval}").status_code == 422  # somebody else
    assert f"approval={approval}" in client.get(address).content.decode()
    file = client.get(f"/customers?export=csv&level=standard&approval={approval}")
    assert file.status_code == 200
    assert b"".join(file.streaming_content).decode("utf-8-sig").count("\n") == 4  # the head and three rows
    assert client.get(f"/customers?export=csv&level=standard&approval={approval}").status_code == 422  # once
    with acting(make.TESTER):
        (look,) = Look.objects.filter(kind="export")
    assert (look.purpose, look.detail) == ("bulk_export", {"list": "customers", "rows": 3})
