"""The list page, the form page, refusals, preferences and the frame, through the real request path."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.factories import staff
from tongke.areas.staff.models import SavedFilter, Staff
from tongke.kernel.actor import acting
from tongke.web.kit import export, navigation
from tongke.web.kit.environment import DIST

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true", "HX-Target": "list"}
FORM = {"name": "王芳", "kind": "person", "phone": "138 5710 0001", "form_token": "token-1"}


@pytest.fixture
def admin() -> Client:
    """An administrator who reads English."""
    staff.tree()
    staff.role("tester", "staff.manage_roles", "party.view", "staff.view")
    person = staff.person("tester", org_id=1, roles=("tester",), locale="en")
    return staff.signed_in(person)


def text(answer: object) -> str:
    """The page's text."""
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_a_stranger_is_sent_to_sign_in_and_a_clerk_is_told_why(admin: Client) -> None:
    assert Client().get("/kit/list").headers["Location"].startswith("/sign-in?next=")
    clerk = staff.signed_in(staff.person("clerk1"))
    answer = clerk.get("/kit")
    assert answer.status_code == 403
    assert "SEC-01" in text(answer)
    assert "staff.manage_roles" in text(answer)


def test_a_nul_character_is_the_requests_fault_and_not_ours(admin: Client) -> None:
    staff.role("looker", "catalogue.view", "resource.view_numbers")
    person = staff.person("looker", org_id=3301, roles=("looker",), locale="en")
    client = staff.signed_in(person)
    for address in ("/catalogue?q=%00", "/catalogue/offers/%00", "/numbers/holds?order=%00&q=%00"):
        answer = client.get(address)
        assert answer.status_code == 400, address
        assert "WEB-02" in text(answer)
    assert admin.get("/kit/list?kind=%00").status_code == 200


def test_pages_are_kept_by_no_cache_and_hold_nothing_inline(admin: Client) -> None:
    for address in ("/kit", "/kit/list", "/kit/form", "/", "/notifications"):
        answer = admin.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "no-store"
        page = text(answer)
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page), address
        assert not re.search(r"<script(?![^>]*(src=|application/json))", page), address
        assert "https://" not in page.replace("http://www.w3.org", "")


def test_sort_filter_and_paging_have_addresses(admin: Client) -> None:
    page = text(admin.get("/kit/list?state=suspended&sort=name"))
    assert 'aria-sort="ascending"' in page
    assert "State: <strong>Suspended</strong>" in page
    assert "tk-tone-good" not in page.split("<tbody>")[1].split("</tbody>")[0]
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    second = text(admin.get(following[1].replace("&amp;", "&")))
    assert "51–100 of" in second
    assert 'rel="prev"' in second
    assert "No row fits" in text(admin.get("/kit/list?name=nobody"))


def test_htmx_is_given_the_list_alone_and_the_back_button_the_page(admin: Client) -> None:
    assert "<html" not in text(admin.get("/kit/list", headers=PART))
    assert "<html" in text(admin.get("/kit/list", headers={**PART, "HX-History-Restore-Request": "true"}))
    assert "1,000+" in text(admin.get("/kit/list"))


def test_nonsense_in_the_address_is_no_fault(admin: Client) -> None:
    for query in ("after=zzz", "before=%00", "size=-1", "size=9999", "sort=evil", "at=abc&after=x", "joined_from=99999-99-99", "state=%27", "export="):
        assert admin.get(f"/kit/list?{query}").status_code in {200, 400}, query


def test_columns_are_chosen_by_a_cookie(admin: Client) -> None:
    admin.cookies["tongke_columns_kit-sample"] = "number.balance"
    head = text(admin.get("/kit/list")).split("<thead>")[1].split("</thead>")[0]
    assert "Balance" in head
    assert "Last contact" not in head


def test_filters_are_kept_and_forgotten(admin: Client) -> None:
    admin.post("/kit/list?state=closed", {"save_filter": "Closed ones", "query": "state=closed"})
    assert "Closed ones" in text(admin.get("/kit/list"))
    with acting(staff.TESTER):
        kept = SavedFilter.objects.get(name="Closed ones")
    admin.post("/kit/list", {"forget_filter": str(kept.id)})
    assert "Closed ones" not in text(admin.get("/kit/list"))
    assert "WEB-23" in text(admin.post("/kit/list", {"save_filter": "", "query": "x"}))


def test_a_bulk_verb_does_what_it_may_and_explains_the_rest(admin: Client) -> None:
    page = text(admin.post("/kit/list", {"bulk": "assign", "row": ["1", "7", "nonsense"]}, headers=PART))
    assert "1 row done" in page
    assert "2 refused" in page
    assert "WEB-91" in page
    assert "WEB-21" in text(admin.post("/kit/list", {"bulk": "assign"}))
    assert "WEB-20" in text(admin.post("/kit/list", {"bulk": "assign", "row": [str(n) for n in range(501)]}))


def test_exports_are_files_within_the_limit_and_need_approval_above(admin: Client) -> None:
    answer = admin.get("/kit/list?state=closed&export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("Customer,State,Phone")
    assert len(lines) == 1 + 324
    assert all(line.split(",")[2].startswith("'+86138") for line in lines[1:])
    book = load_workbook(io.BytesIO(b"".join(admin.get("/kit/list?state=closed&export=xlsx").streaming_content)))  # type: ignore[attr-defined]
    assert book.active is not None
    assert book.active.max_row == 325
    assert "WEB-31" in text(admin.get("/kit/list?export=csv"))
    assert "WEB-30" in text(admin.get("/kit/list?state=closed&export=exe"))


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "\r=1"])
def test_no_cell_is_a_formula(evil: str) -> None:
    assert str(export.safe_cell(evil)).startswith("'")
    assert export.safe_cell(-5) == -5
    assert export.safe_cell("a\x00b") == "ab"


def test_a_form_shows_everything_that_is_wrong_beside_its_field(admin: Client) -> None:
    answer = admin.post("/kit/form", {**FORM, "name": "王", "note": "kept draft"})
    page = text(answer)
    assert answer.status_code == 422
    assert {"WEB-92", "WEB-93"} <= set(re.findall(r"WEB-9\d", page))
    assert "Ask the supervisor for a release" in page
    assert re.search(r'data-field="name">.*?tk-field-error.*?WEB-92', page, re.DOTALL)
    assert "kept draft" in page
    assert "not a possible phone number" in text(admin.post("/kit/form", {**FORM, "phone": "12"}))


def test_a_form_that_is_sent_twice_is_done_once(admin: Client) -> None:
    first = admin.post("/kit/form", FORM)
    again = admin.post("/kit/form", FORM)
    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"] == "/kit"
    other = admin.post("/kit/form", {**FORM, "name": "李四"})
    assert "GEN-10" in text(other)


def test_refusals_fit_whoever_asks(admin: Client) -> None:
    page = admin.get("/nowhere")
    assert page.status_code == 404
    assert "WEB-04" in text(page)
    toast = admin.post("/kit/reveal", {}, headers={"HX-Request": "true"})
    assert toast.status_code == 422
    assert "data-toast" in text(toast)
    assert "<html" not in text(toast)
    machine = admin.post("/kit/reveal", {}, headers={"Accept": "application/json"})
    assert machine.json()["broken"][0]["code"] == "WEB-94"
    assert "WEB-03" in text(Client(enforce_csrf_checks=True).post("/preferences", {"theme": "dark"}))


def test_language_and_theme_are_kept_on_the_profile(admin: Client) -> None:
    assert 'lang="en"' in text(admin.get("/kit"))
    admin.post("/preferences", {"language": "zh-hans", "theme": "dark", "next": "/kit"})
    page = text(admin.get("/kit"))
    assert '<html lang="zh-Hans" data-bs-theme="dark"' in page
    assert "界面样式" in page
    with acting(staff.TESTER):
        assert Staff.objects.get(username="tester").theme == "dark"
    assert admin.post("/preferences", {"theme": "pink", "next": "//evil.example"}).headers["Location"] == "/"


def test_the_palette_offers_only_what_the_post_allows(admin: Client) -> None:
    def offers(client: Client) -> set[str]:
        return {item["address"] for group in client.get("/palette").json()["groups"] for item in group["items"]}

    assert "/kit" in offers(admin)
    assert "/kit" not in offers(staff.signed_in(staff.person("clerk2")))


def test_every_entry_and_action_leads_somewhere() -> None:
    lost = [offer.url for offer in (*navigation.entries(), *navigation.actions()) if not offer.address]
    assert not lost


def test_every_icon_is_in_the_sprite() -> None:
    known = set((DIST.parent.parent / "assets" / "icons.txt").read_text(encoding="utf-8").split())
    used = {offer.icon for offer in (*navigation.entries(), *navigation.actions())}
    for path in Path(DIST.parent.parent).glob("*/**/*"):
        if path.suffix in {".py", ".html"}:
            used |= set(re.findall(r"""(?:icon\(|icon=|sign=)["']([a-z0-9-]+)["']""", path.read_text(encoding="utf-8")))
    assert used <= known, sorted(used - known)
