"""The organisation tree: levels nest, branches move whole, and every post's scope follows at once."""

from __future__ import annotations

import pytest

from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.areas.staff.models import Org, PostRight
from tongke.kernel.actor import acting
from tongke.kernel.errors import NotFound, RulesBroken

pytestmark = pytest.mark.django_db
AT = make.LONG_AGO


@pytest.fixture(autouse=True)
def planted() -> None:
    make.tree()


@pytest.mark.parametrize(("kind", "parent_id", "code"), [
    ("province", 1, None), ("local_network", 33, None), ("unit", 3301, None), ("unit", 33, None), ("unit", 1, None), ("unit", 330101, None),
    ("group", 1, "SEC-20"), ("province", 33, "SEC-20"), ("local_network", 1, "SEC-20"), ("local_network", 330101, "SEC-20"), ("province", None, "SEC-20"),
])
def test_levels_nest(kind: str, parent_id: int | None, code: str | None) -> None:
    def create() -> Org:
        return services.create_org(org_id=9, kind=kind, parent_id=parent_id, name_zh="新", name_en="New", by=make.TESTER, at=AT)

    if code is None:
        with acting(make.TESTER):
            parent = "/" if parent_id is None else Org.objects.get(id=parent_id).path
        assert create().path == f"{parent}9/"
    else:
        with pytest.raises(RulesBroken) as caught:
            create()
        assert [b.code for b in caught.value.broken] == [code]


def test_a_moved_branch_takes_its_paths_and_scopes_along() -> None:
    person = make.person(org_id=330101)
    province = make.person(org_id=32)
    services.move_org(org_id=3301, parent_id=32, by=make.TESTER, at=AT)
    with acting(make.TESTER):
        assert Org.objects.get(id=330101).path == "/1/32/3301/330101/"
        assert PostRight.objects.get(staff_id=person.id).scope == "3301"
        assert PostRight.objects.get(staff_id=province.id).scope == "32,3201,3301"
    assert queries.scope_of(33) == (33, 3302, 3303)


def test_no_node_moves_below_itself() -> None:
    unit = services.create_org(org_id=33010101, kind="unit", parent_id=330101, name_zh="柜台", name_en="Desk", by=make.TESTER, at=AT)
    with pytest.raises(RulesBroken) as caught:
        services.move_org(org_id=330101, parent_id=unit.id, by=make.TESTER, at=AT)
    assert [b.code for b in caught.value.broken] == ["SEC-21"]


def test_an_organisation_with_people_is_not_closed() -> None:
    make.person(org_id=330201)
    with pytest.raises(RulesBroken, match="SEC-22"):
        services.deactivate_org(org_id=3302, by=make.TESTER, at=AT)
    assert not services.deactivate_org(org_id=330103, by=make.TESTER, at=AT).active
    with pytest.raises(RulesBroken, match="SEC-32"):
        services.create_org(org_id=7, kind="unit", parent_id=330103, name_zh="x", name_en="x", by=make.TESTER, at=AT)


def test_rights_over_the_tree_end_at_ones_own_branch() -> None:
    make.role("planner", "staff.manage_orgs")
    by = make.actor_at(33, "planner")
    assert services.rename_org(org_id=3302, name_zh="宁波市", name_en="Ningbo city", by=by, at=AT).name_zh == "宁波市"
    for stranger in (3201, 32, 1):
        with pytest.raises(NotFound):
            services.rename_org(org_id=stranger, name_zh="x", name_en="x", by=by, at=AT)
    with acting(by):
        seen = set(queries.orgs_visible_to(by=by).values_list("id", flat=True))
    assert seen == {33, 3301, 3302, 3303, 330101, 330102, 330103, 330201}


def test_labels_are_new_as_soon_as_the_tree_is() -> None:
    assert queries.org_name(3302) == "宁波"
    services.rename_org(org_id=3302, name_zh="宁波市", name_en="Ningbo", by=make.TESTER, at=AT)
    assert queries.org_name(3302) == "宁波市"
    assert queries.org_name(99999) == "99999"
