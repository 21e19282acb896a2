"""The roles that come with the product can do what their holders' work needs, and name nothing that is not there."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.areas.staff.models import Role
from tongke.areas.staff.services.roles import SEEDS
from tongke.exchange import nouns
from tongke.kernel.actor import acting
from tongke.kernel.permissions import all_permissions
from tongke.kernel.verb import all_verbs
from tongke.web.kit.cards import all_cards

ROLES = [seed[0] for seed in SEEDS]
WHERE = {"administrator": 1, "auditor": 1, "analyst": 33}


def held(role: str) -> set[str]:
    """What the seed gives a role."""
    make.tree()
    return set(queries.role_by_code(role).permissions)


def test_every_pattern_names_a_permission() -> None:
    known = list(all_permissions())
    dead = [(seed[0], pattern) for seed in SEEDS for pattern in seed[4] if not any(_fits(code, pattern) for code in known)]
    assert dead == []


def _fits(code: str, pattern: str) -> bool:
    return code == pattern or (pattern.endswith("*") and code.startswith(pattern[:-1]))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["steward", "administrator"])
def test_who_imports_may_import_everything_that_a_file_may_hold(role: str) -> None:
    nouns.declare()
    needed = {permission for name, permission in all_verbs().items() if ".services.bulk." in name}
    assert "catalogue.publish" in needed
    assert needed <= held(role)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_a_home_offers_no_card_that_its_role_may_not_open(role: str) -> None:
    mine = held(role) | {"", "staff.own"}
    assert [card.key for card in all_cards() if role in card.homes and card.permission not in mine] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "pages"), [
    ("clerk", ("customers", "customer-new", "blacklist", "repair")), ("agent", ("customers", "blacklist")),
    ("account_manager", ("customers", "customer-new")), ("steward", ("duplicates", "repair", "imports")),
    ("supervisor", ("approvals", "blacklist", "looks")), ("analyst", ("statistics", "customers")),
    ("administrator", ("staff", "orgs", "roles", "policy", "audit", "imports", "customer-policy")), ("auditor", ("audit", "looks")),
])
def test_each_role_opens_the_pages_of_its_work(role: str, pages: tuple[str, ...]) -> None:
    client = make.signed_in_at(WHERE.get(role, 3301), role)
    assert {page: client.get(reverse(page)).status_code for page in pages} == dict.fromkeys(pages, 200)


@pytest.mark.django_db
def test_a_role_that_was_seeded_before_is_given_what_is_new() -> None:
    make.tree()
    with acting(make.TESTER):
        steward = Role.objects.get(code="steward")
        Role.objects.filter(code="steward").update(
            permissions=[p for p in steward.permissions if p != "catalogue.publish"], seeded=[p for p in steward.seeded if p != "catalogue.publish"])
        assert "steward" in services.seed_roles(by=make.TESTER, at=make.LONG_AGO)
        assert "catalogue.publish" in Role.objects.get(code="steward").permissions
