"""What TMF630 says of lists, rule by rule: paging, filters, sort, fields, addresses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.factories import party
from tests.factories import staff as make
from tests.tmf import thing
from tests.tmf.thing import ROOT, Shelf, caller, made, row_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.tmf.thing")]
urlpatterns = thing.urlpatterns


def asked(client: Client, query: str, *, status: tuple[int, ...] = (200, 206), **headers: str) -> Any:
    """Ask for a list and return the answer."""
    answer = client.get(f"{ROOT}?{query}", headers=headers)
    assert answer.status_code in status, answer.content
    return answer


def names(client: Client, query: str) -> list[str]:
    """Return the numbers of the things that a query finds, in order."""
    return [one["name"].removeprefix("thing ") for one in asked(client, query).json()]


def link(answer: Any, word: str) -> str | None:
    """Return an address of the answer's links."""
    return {rel: address for address, rel in re.findall(r'<([^>]*)>; rel="(\w+)"', answer["Link"])}.get(word)


def test_a_list_in_whole_is_200_with_both_counts() -> None:
    client = caller()
    row_of(client, 3)
    answer = asked(client, "")
    assert (answer.status_code, answer["X-Total-Count"], answer["X-Result-Count"], len(answer.json())) == (200, "3", "3", 3)
    assert answer["Content-Type"].startswith("application/json")


def test_a_part_of_a_list_is_206_and_links_to_its_neighbours(shelf: Shelf) -> None:
    client, _rows = shelf
    answer = asked(client, "sort=count&offset=2&limit=2")
    assert (answer.status_code, answer["X-Total-Count"], answer["X-Result-Count"]) == (206, "5", "2")
    assert {word: re.search(r"offset=(\d+)", str(link(answer, word)))[1] for word in ("self", "first", "prev", "next", "last")} == {  # type: ignore[index]  # the pattern is there, or the test fails
        "self": "2", "first": "0", "prev": "0", "next": "4", "last": "4"}


def test_the_links_lead_through_all_of_the_list_once_and_keep_filter_and_sort(shelf: Shelf) -> None:
    client, _rows = shelf
    seen, address = [], f"{ROOT}?name.ne=thing%203&sort=-count&limit=2"
    while address:
        answer = client.get(address)
        seen += [one["count"] for one in answer.json()]
        address = str(link(answer, "next") or "")
    assert seen == [4, 2, 1, 0]


def test_beyond_the_end_there_is_an_empty_list_and_the_way_back() -> None:
    client = caller()
    row_of(client, 3)
    answer = asked(client, "offset=30&limit=2")
    assert (answer.json(), answer["X-Total-Count"], answer["X-Result-Count"]) == ([], "3", "0")
    assert link(answer, "next") is None
    assert "offset=2&" in str(link(answer, "last"))


def test_a_list_of_nothing_is_200() -> None:
    answer = asked(caller(), "")
    assert (answer.status_code, answer.json(), answer["X-Total-Count"]) == (200, [], "0")


def test_a_limit_beyond_the_cap_is_cut_and_the_cap_is_told_by_the_links() -> None:
    client = caller()
    row_of(client, 1)
    assert "limit=200" in str(link(asked(client, "limit=100000"), "self"))


def test_a_limit_of_nothing_counts_only() -> None:
    client = caller()
    row_of(client, 3)
    answer = asked(client, "limit=0")
    assert (answer.json(), answer["X-Total-Count"], answer["X-Result-Count"]) == ([], "3", "0")


@pytest.mark.parametrize("query", [
    "offset=-1", "limit=-1", "offset=x", "limit=1.5", "limit=", "offset=99999999999", "limit=1&limit=2", "limit=%00", "offset=٣", "sort=-", "sort=--name",
    "sort=nothing", "nothing=1", "size.nothing=1", "name.like=1", "size=1", "=1", "name", "na me=1", "weight=heavy", "count.gt=many", "lent=perhaps",
    "madeAt=yesterday", "madeAt.gt=2026-13-01T00:00:00Z", "name.regex=(a%2B)%2B$", "name.regex=(", "name.regex=" + "a" * 201, "name.gt>1", "%ff=1", "name=%ff",
    "name.eq=" + "x" * 501, "fields=na me", "sort=note.text", "weight=1e999999", "weight=NaN", "x=1&" * 41, "madeAt=9999-12-31T23:59:59.9999Z",
])
def test_what_cannot_be_read_is_400_with_a_code(query: str, shelf: Shelf) -> None:
    client, _rows = shelf
    body = asked(client, query, status=(400,)).json()
    assert set(body) >= {"code", "reason", "message", "status", "referenceError", "@type"}
    assert (body["status"], body["@type"], body["code"][:4]) == ("400", "Error", "TMF-")


def test_an_unknown_attribute_is_named() -> None:
    body = asked(caller(), "colour=red", status=(400,)).json()
    assert (body["code"], "colour" in body["message"]) == ("TMF-01", True)


@pytest.mark.parametrize(("query", "found"), [
    # equality of every kind of value
    ("name=thing 1", "1"), ("name=thing+1", "1"), ("name=thing%201", "1"), ("weight=1.5", "1"), ("weight=1.50", "1"), ("count=2", "2"),
    ("lent=false", "13"), ("size.width=30", "3"), ("size.unit=cm", "01234"), ("note.text=note 2", "2"), ("note.text=all", "01234"),
    ("characteristic.value=red", "01"), ("status=new", "01234"), ("name=", ""), ("name=thing", ""), ("name=THING 1", ""),
    # the word and the sign, bare and URL-encoded
    ("count.eq=1", "1"), ("count==1", "1"), ("count.ne=1", "0234"), ("count!=1", "0234"), ("count%21%3D1", "0234"),
    ("count.gt=2", "34"), ("count>2", "34"), ("count%3E2", "34"), ("count.gte=2", "234"), ("count>=2", "234"), ("count%3E%3D2", "234"), ("count%3E=2", "234"),
    ("count.lt=2", "01"), ("count<2", "01"), ("count%3C2", "01"), ("count.lte=2", "012"), ("count<=2", "012"), ("count%3C%3D2", "012"),
    ("name.regex=[12]$", "12"), ("name*=[12]$", "12"), ("name%2A%3D%5Bx0%5D%24", "0"), ("name.gt=thing 2", "34"), ("size.width.lt=20", "01"),
    ("note.text.regex=^note [34]", "34"), ("weight.gt=2.5&weight.lte=4.5", "34"), ("lent.ne=true", "13"),
    # either: comma, repetition, semicolon
    ("count=1,3", "13"), ("count=1&count=3", "13"), ("count=1;count=3", "13"), ("count.eq=1&count.eq=3", "13"), ("name=thing 0,thing 4", "04"),
    ("note.text=note 1,note 2", "12"), ("count.ne=1,2", "034"), ("characteristic.value=red,blue", "01234"), ("count=1%2C3", "13"),
    # all of several
    ("count.gt=0&lent=true", "24"), ("count.gt=0&count.lt=3&lent=true", "2"), ("characteristic.value=blue&size.width.gte=30", "34"),
    # a literal in quotes is one value
    ('name="thing 1"', "1"), ("name='thing 1'", "1"), ('note.author="x, y"', "01234"), ("note.author=x, y", ""), ('name="thing 1","thing 2"', "12"),
    ("name=%22thing%201%22", "1"),
    # absent is not equal, and not unequal to be left out
    ("rank=1", ""), ("rank.ne=1", "01234"), ("validFor.startDateTime.gt=2020-01-01T00:00:00Z", ""), ("part.id=x", ""), ("part.id.ne=x", "01234"),
])
def test_a_filter_finds(query: str, found: str, shelf: Shelf) -> None:
    client, _rows = shelf
    assert "".join(names(client, f"{query}&sort=count")) == found


@pytest.mark.parametrize("form", ["2026-03-02T04:02:00.123Z", "2026-03-02T04:02:00.123+00:00", "2026-03-02T12:02:00.123%2B08:00", "2026-03-02T12:02:00.123+08:00"])
def test_an_instant_is_found_in_any_zone(form: str, shelf: Shelf) -> None:
    client, _rows = shelf
    assert names(client, f"madeAt={form}") == ["2"]
    assert names(client, f"madeAt.lt={form}&sort=madeAt") == ["0", "1"]
    assert names(client, f"madeAt.gte={form}&sort=-madeAt") == ["4", "3", "2"]


def test_an_instant_is_found_by_the_very_text_given_out(shelf: Shelf) -> None:
    client, rows = shelf
    for one in rows:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one["madeAt"])
        assert [found["id"] for found in asked(client, f"madeAt={one['madeAt']}").json()] == [one["id"]]


@pytest.mark.parametrize(("sort", "order"), [
    ("count", "01234"), ("+count", "01234"), ("%2Bcount", "01234"), ("-count", "43210"), ("size.width", "01234"), ("-size.width", "43210"),
    ("-name", "43210"), ("weight", "01234"), ("-weight", "43210"), ("lent,-count", "31420"), ("-lent,count", "02413"), ("-madeAt", "43210"), ("status,-count", "43210"),
])
def test_a_list_is_sorted(sort: str, order: str, shelf: Shelf) -> None:
    client, _rows = shelf
    assert "".join(names(client, f"sort={sort}")) == order


def test_numbers_are_sorted_as_numbers_and_what_is_absent_comes_last_either_way() -> None:
    client = caller()
    for weight in (9, 10, 2.5):
        made(client, f"thing {weight}", weight=weight)
    made(client, "thing without")
    assert names(client, "sort=weight") == ["2.5", "9", "10", "without"]
    assert names(client, "sort=-weight") == ["10", "9", "2.5", "without"]


@pytest.mark.parametrize(("fields", "given"), [
    ("name", {"id", "href", "name"}), ("name,count", {"id", "href", "name", "count"}), ("none", {"id", "href"}), ("id", {"id", "href"}),
    ("size.width", {"id", "href", "size"}), ("nothing", {"id", "href"}), (" name , count ", {"id", "href", "name", "count"}),
])
def test_fields_gives_id_href_and_the_named_attributes_only(fields: str, given: set[str], shelf: Shelf) -> None:
    client, (one, *_more) = shelf
    assert set(asked(client, f"fields={fields}").json()[0]) == given
    assert set(client.get(f"{ROOT}/{one['id']}?fields={fields}").json()) == given


def test_fields_reaches_into_objects_and_lists(shelf: Shelf) -> None:
    client, (one, *_more) = shelf
    found = client.get(f"{ROOT}/{one['id']}?fields=size.width,note.text,note.author").json()
    assert (found["size"], found["note"]) == ({"width": 0.0}, [{"text": "note 0", "author": "x, y"}, {"text": "all"}])


def test_no_fields_gives_everything(shelf: Shelf) -> None:
    client, _rows = shelf
    assert set(asked(client, "fields=").json()[0]) >= {"id", "href", "name", "weight", "size", "note"}


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("root", [f"/{root}" for root in thing.API.roots])
def test_a_slash_at_the_end_and_an_official_second_root_change_nothing(root: str, slash: str, shelf: Shelf) -> None:
    client, (one, *_more) = shelf
    assert client.get(f"{root}/thing{slash}").status_code == 200
    assert client.get(f"{root}/thing/{one['id']}{slash}").json() == one
    assert thing.post(client, {"name": "x"}, f"{root}/thing{slash}").status_code == 201


def test_the_counts_respect_filter_and_scope() -> None:
    hangzhou, ningbo, zhejiang = caller(org_id=3301), caller(org_id=3302), caller(org_id=33)
    row_of(hangzhou, 3)
    row_of(ningbo, 2)
    assert [asked(one, "")["X-Total-Count"] for one in (hangzhou, ningbo, zhejiang)] == ["3", "2", "5"]
    assert asked(zhejiang, "count.gt=0&limit=1")["X-Total-Count"] == "3"


def test_prefer_count_exact_is_taken(shelf: Shelf) -> None:
    client, _rows = shelf
    answer = asked(client, "limit=1", Prefer="count=exact")
    assert (answer["X-Total-Count"], "X-Total-Count-Relation" in answer) == ("5", False)


@pytest.mark.urls("tongke.config.urls")
def test_a_masked_name_is_found_by_all_of_it_but_not_letter_by_letter() -> None:
    make.tree()
    make.role("masked", "party.view")
    party.customer("欧阳慕白")
    client, root = caller("masked"), "/tmf-api/customerManagement/v4/customer"
    assert [one["name"] for one in client.get(root, {"name": "欧阳慕白"}).json()] == ["欧**白"]
    assert [client.get(root, {query: text}).json() for query, text in (("name.regex", "慕"), ("name.gte", "欧阳"), ("name", "欧阳"))] == [[], [], []]
