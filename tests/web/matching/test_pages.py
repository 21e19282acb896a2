"""The pages of duplicates, merges, trees and transfers, as a steward and a clerk use them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from tests.factories import accounts as make
from tests.factories import matching as parts
from tests.factories import staff
from tests.factories.accounts import NOON, TESTER
from tongke.areas.contact_centre.services.merging import merge_customers
from tongke.areas.inventory.models import Subscriber
from tongke.areas.party.models import Customer, DuplicatePair, Merge, Party, PartyRelation
from tongke.areas.party.queries import matching as queries
from tongke.areas.party.services.matching import record_pairs
from tongke.jobs import matching as jobs
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.models import BulkJob

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward() -> Client:
    staff.tree()
    staff.role("tester", "party.view", "party.merge", "party.tree", "inventory.transfer", "inventory.view", "account.view", "party.see_name")
    return staff.signed_in_at(3301, "tester")


def twins() -> tuple[Customer, Customer, UUID]:
    one, other = make.bare_customer(name="张伟"), make.bare_customer(name="张玮")
    for customer in (one, other):
        parts.document(customer.party_id, "330102198001010014")
        parts.phone(customer.party_id, "+8613857100009")
        parts.address(customer.party_id, "杭州市文三路1号")
    left, right = sorted((one.party_id, other.party_id))
    evidence = {"document": {"level": "shared", "weight": 19.9}, "name": {"level": "sound", "weight": 5.7}, "birth": {"level": "other", "weight": -5.6}}
    record_pairs(pairs=[queries.ScoredPair(left, right, 0.98, evidence)], by=TESTER, at=NOON)
    with acting(TESTER):
        return one, other, DuplicatePair.objects.get(left_id=left, right_id=right).id


def test_the_list_shows_pairs_and_the_bands(steward: Client) -> None:
    twins()
    page = steward.get("/duplicates").content.decode()
    assert "张伟" in page
    assert "98.00" in page
    assert "张伟" in steward.get("/duplicates?band=suggest&sort=probability").content.decode()
    assert "张伟" not in steward.get("/duplicates?band=review").content.decode()


def test_a_search_is_asked_for_and_its_progress_is_shown(steward: Client) -> None:
    twins()
    assert steward.post("/duplicates/find").status_code == 302
    with acting(TESTER):
        job = BulkJob.objects.get(kind=queries.RUN_KIND)
    assert (job.state, job.org_id) == ("waiting", 3301)
    assert str(job.id) in steward.get("/duplicates").content.decode()
    jobs.find_duplicates(job_id=str(job.id), scope=[3301])
    progress = steward.get(f"/duplicates/runs/{job.id}").json()
    assert (progress["done"], progress["state"]) == (2, "done")
    assert staff.signed_in_at(3302, "tester").get(f"/duplicates/runs/{job.id}").status_code == 404


def test_two_records_are_merged_and_separated_on_the_pages(steward: Client) -> None:
    one, other, pair = twins()
    page = steward.get(f"/duplicates/{pair}").content.decode()
    for word in ("张伟", "张玮", "3301**", "field_name", "left_version"):
        assert word in page
    with acting(TESTER):
        left_is_one = DuplicatePair.objects.get(id=pair).left_id == one.party_id
    form = {"survivor": "left" if left_is_one else "right", "field_name": "right" if left_is_one else "left", "left_version": "1", "right_version": "1"}
    refused = steward.post(f"/duplicates/{pair}", {**form, "reason": " "})
    assert refused.status_code == 422
    assert "PTY-64" in refused.content.decode()
    stale = steward.post(f"/duplicates/{pair}", {**form, "reason": "同一人", "left_version": "7"})
    assert "GEN-09" in stale.content.decode()
    done = steward.post(f"/duplicates/{pair}", {**form, "reason": "同一人"})
    with acting(TESTER):
        merge = Merge.objects.get()
        assert Party.objects.get(id=one.party_id).name == "张玮"
        assert Party.objects.get(id=other.party_id).merged_into_id == one.party_id
    assert done["Location"] == f"/merges/{merge.id}"
    shown = steward.get(f"/merges/{merge.id}").content.decode()
    assert "同一人" in shown
    assert "同一人" in steward.get("/merges").content.decode()
    assert steward.post(f"/merges/{merge.id}", {"reason": ""}).status_code == 422
    assert steward.post(f"/merges/{merge.id}", {"reason": "看错了"}).status_code == 302
    with acting(TESTER):
        assert Party.objects.get(id=one.party_id).name == "张伟"
    assert "看错了" in steward.get(f"/merges/{merge.id}").content.decode()


def test_clashes_are_listed_and_decided(steward: Client) -> None:
    one, other, _pair = twins()
    merge_id = merge_customers(
        survivor_id=one.party_id, absorbed_id=other.party_id, chosen={"name": "absorbed"}, reason="同一人", by=TESTER, at=clock.now(),
    )
    with acting(TESTER):
        Party.objects.filter(id=one.party_id).update(name="张薇")
        (clash,) = queries.merge_clashes(merge_id)
    assert "张薇" in steward.get(f"/merges/{merge_id}").content.decode()
    undecided = steward.post(f"/merges/{merge_id}", {"reason": "看错了"})
    assert "PTY-68" in undecided.content.decode()
    assert steward.post(f"/merges/{merge_id}", {"reason": "看错了", f"clash_{clash.name}": "keep"}).status_code == 302
    with acting(TESTER):
        assert Party.objects.get(id=one.party_id).name == "张薇"


def test_two_different_customers(steward: Client) -> None:
    _one, _other, pair = twins()
    assert steward.post(f"/duplicates/{pair}/distinct", {"reason": ""}).status_code == 422
    assert steward.post(f"/duplicates/{pair}/distinct", {"reason": "父子"})["Location"] == "/duplicates"
    with acting(TESTER):
        assert DuplicatePair.objects.get(id=pair).state == "distinct"


def test_any_two_customers_can_be_compared(steward: Client) -> None:
    one, other = make.bare_customer(name="王芳"), make.bare_customer(name="王方")
    address = f"/customers/{one.id}/merge/{other.id}"
    assert "王方" in steward.get(address).content.decode()
    assert steward.post(address, {"survivor": "left", "reason": "同一人"}).status_code == 302
    assert steward.get(address).status_code == 404


def test_a_tree_is_shown_and_changed(steward: Client) -> None:
    group, sub, man = make.bare_customer(name="浙江蓝海贸易有限公司"), make.bare_customer(name="蓝海宁波公司"), make.bare_customer(name="陈总")
    with acting(TESTER):
        Party.objects.filter(id__in=[group.party_id, sub.party_id]).update(kind="organization")
    tree = f"/customers/{group.id}/tree"
    assert steward.get(tree).status_code == 200
    form = {"tree": "legal", "as_parent": "down", "customer_no": sub.customer_no, "valid_from": "2026-01-15", "share_percent": "60"}
    assert steward.post(f"{tree}/add", form)["Location"] == f"{tree}?tree=legal"
    again = steward.post(f"{tree}/add", form)
    assert again.status_code == 422
    assert "PTY-72" in again.content.decode()
    assert steward.post(f"{tree}/add", {**form, "tree": "key_person", "customer_no": man.customer_no, "role": "总经理"}).status_code == 302
    page = steward.get(f"{tree}?tree=legal&on=2026-02-01").content.decode()
    for word in ("蓝海宁波公司", "60.00%", "总经理", "data-tree"):
        assert word in page
    assert "蓝海宁波公司" not in steward.get(f"{tree}?tree=legal&on=2026-01-14").content.decode().split("tk-tree-day")[1].split("tk-match-past")[0].split("<table")[0]
    with acting(TESTER):
        legal = PartyRelation.objects.get(tree="legal")
    assert steward.get(f"/memberships/{legal.id}/move").status_code == 200
    assert steward.post(f"/memberships/{legal.id}/end", {"day": "2026-03-01"}).status_code == 302
    with acting(TESTER):
        legal.refresh_from_db()
    assert legal.valid_until is not None
    assert legal.valid_until.isoformat() == "2026-02-28T16:00:00+00:00"


def test_who_pays_what_is_shown(steward: Client) -> None:
    group, member = make.bare_customer(name="公司"), make.bare_customer(name="员工")
    with acting(TESTER):
        Party.objects.filter(id=group.party_id).update(kind="organization")
    make.line(member, make.account(group), number="+8613857100123")
    parts.relation("billing", group.party_id, member.party_id)
    page = steward.get(f"/customers/{group.id}/tree?tree=billing").content.decode()
    assert "**** 0123" in page
    assert "员工" in page


def test_a_line_changes_its_owner(steward: Client) -> None:
    giver, receiver = make.bare_customer(name="王芳"), make.bare_customer(name="李四")
    line_id = make.line(giver, make.account(giver))
    address = f"/lines/{line_id}/transfer"
    assert steward.get(address).status_code == 200
    assert steward.get(f"{address}?to=X1").status_code == 200
    assert steward.get(f"{address}?to={giver.customer_no}").content.decode().count("INV-20") == 1
    without = steward.post(address, {"to": receiver.customer_no, "account": "", "reason": "过户", "evidence": "身份证"})
    assert "WEB-30" in without.content.decode()
    account_id = make.account(receiver)
    missing = steward.post(address, {"to": receiver.customer_no, "account": str(account_id), "reason": "", "evidence": ""})
    assert "INV-29" in missing.content.decode()
    done = steward.post(address, {"to": receiver.customer_no, "account": str(account_id), "reason": "过户", "evidence": "双方身份证"})
    assert done["Location"] == f"/customers/{receiver.id}"
    with acting(TESTER):
        assert Subscriber.objects.get(id=line_id).customer_id == receiver.id


def test_the_pages_need_their_permissions_and_scope(steward: Client) -> None:
    one, other, pair = twins()
    line_id = make.line(one, make.account(one))
    merge_id = merge_customers(survivor_id=one.party_id, absorbed_id=other.party_id, reason="同一人", by=TESTER, at=NOON + timedelta(days=1))
    staff.role("nobody", "party.view")
    addresses = [f"/duplicates/{pair}", f"/merges/{merge_id}", f"/lines/{line_id}/transfer"]
    stranger, weak = staff.signed_in_at(3302, "tester"), staff.signed_in_at(3301, "nobody")
    for address in addresses:
        assert stranger.get(address).status_code == 404, address
        assert weak.get(address).status_code == 403, address
    assert stranger.get(f"/customers/{one.id}/tree").status_code == 404
    assert weak.get(f"/customers/{one.id}/tree").status_code == 200
