"""The register of street and community names, kept by the database itself."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.factories import party, staff
from tongke.areas.party.models import PostalAddress
from tongke.areas.party.services import AddressDraft
from tongke.kernel.actor import acting, system_actor

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("test")


def registered(name: str) -> list[tuple[int, str]]:
    """Return organisation and entry point of every row of a name."""
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT org_id, suffix FROM party_place_name WHERE name = %s ORDER BY org_id, length(suffix) DESC", [name])
        return list(cursor.fetchall())


@pytest.mark.parametrize(("street", "place", "names"), [
    ("文三路398号万塘公寓3幢501", "万塘公寓3幢501", ["万塘公寓", "文三路"]),
    ("文三路398号", "", ["文三路"]),
    ("", "", []),
    ("3幢", "3幢", []),
    ("2ndavenue5", "", ["2ndavenue"]),
])
def test_names_are_read_from_the_keys(street: str, place: str, names: list[str]) -> None:
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(n ORDER BY n) FROM tongke_place_names(%s, %s) n", [street, place])
        assert (cursor.fetchone()[0] or []) == names


def test_a_new_address_enters_its_names_once_for_each_network() -> None:
    staff.tree()
    address = AddressDraft(full="浙江省杭州市西湖区古翠路12号嘉绿花园7幢301室")
    for _each in range(2):
        party.customer("王芳", addresses=(address,))
    party.customer("赵磊", by=party.clerk(org_id=3302), addresses=(address,))
    assert registered("嘉绿花园") == [(org, suffix) for org in (3301, 3302) for suffix in ("嘉绿花园", "绿花园", "花园")]


def test_a_changed_address_enters_its_new_name() -> None:
    staff.tree()
    made = party.customer("王芳", addresses=(AddressDraft(full="浙江省杭州市西湖区古翠路12号嘉绿花园7幢301室"),))
    with acting(SYSTEM):
        PostalAddress.objects.filter(party_id=made.party_id).update(street_key="丰潭路9号紫金苑1幢", place_key="紫金苑1幢")
    assert (3301, "金苑") in registered("紫金苑")


def test_the_application_cannot_write_the_register() -> None:
    from django.db import ProgrammingError, transaction  # noqa: PLC0415 - Django is set up by then

    with acting(SYSTEM), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO party_place_name VALUES (3301, 'x', 'x')")
