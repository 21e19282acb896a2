"""Policy on three levels: a figure holds for all below, unless a lower level set its own and all above permit it (T33)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.party import NOON, TESTER, citizen_number, clerk, credit_code, customer, draft
from tongke.areas.party import queries, services
from tongke.areas.party.errors import PolicyRefused
from tongke.areas.party.models import Party, PolicyFigure
from tongke.areas.party.policy import LABELS, LOCKED, holder, policies_at, policy_at
from tongke.areas.party.services import BlacklistDraft, CreditFacts, DocumentDraft
from tongke.areas.staff import queries as staff
from tongke.areas.staff.models import Org
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import RulesBroken

pytestmark = pytest.mark.usefixtures("orgs")
DAY = timedelta(days=1)
CAP = "documents_per_person_max"
PROVINCE = Actor(name="province", org_id=33, scope=(33, 3301, 3302, 3303), permissions=frozenset({"party.policy"}))


def caps(*orgs: int, at: Any = NOON) -> list[int]:
    """The documents' cap in force for each organisation."""
    with acting(TESTER):
        found = policies_at(at, orgs)
    return [found[org].documents_per_person_max for org in orgs]


def set_cap(value: int, org_id: int, **more: Any) -> None:
    """Set the documents' cap of an organisation."""
    services.set_policy(CAP, value, **{"org_id": org_id, "reason": "local rule", "by": TESTER, "at": NOON, **more})


def shown(org_id: int, name: str = CAP, at: Any = NOON) -> queries.FigureRow:
    """A figure as the page shows it."""
    with acting(TESTER):
        return next(f for f in queries.policy_figures(org_id=org_id, at=at) if f.name == name)


def test_the_groups_figures_begin_as_documented() -> None:
    """What money or protection hangs on binds all; the rest may be set below; without an organisation the group's hold."""
    with acting(TESTER):
        rows = dict(PolicyFigure.objects.values_list("name", "may_override"))
        assert policy_at(NOON) == policy_at(NOON, 1) == policy_at(NOON, 3302) == policy_at(NOON, 999999)
        with connection.cursor() as cursor:
            cursor.execute("SELECT party_policy_at(%s) = party_policy_at(%s, 1)", [NOON, NOON])
            assert cursor.fetchone() == (True,)
    assert rows == {name: name not in LOCKED for name in LABELS}


def test_a_figure_holds_below_until_a_lower_one_is_permitted() -> None:
    """Province over group, local network over province; a province that binds takes the network's figure out of force."""
    set_cap(4, 33, by=PROVINCE)
    assert caps(1, 33, 3301, 3302, 330201, 3201) == [5, 4, 4, 4, 4, 5]
    set_cap(3, 3302, by=clerk(org_id=3302))
    assert caps(1, 33, 3301, 3302, 330201, 3201) == [5, 4, 4, 3, 3, 5]
    set_cap(2, 33, by=PROVINCE, may_override=False, at=NOON + DAY)
    assert caps(33, 3301, 3302, 330201, 3201, at=NOON + DAY) == [2, 2, 2, 2, 5]
    row = shown(3302, at=NOON + DAY)
    assert (row.value, row.holder, row.own, row.own_value, row.locks, row.inherited) == (2, 33, True, 3, 33, True)
    set_cap(2, 33, by=PROVINCE, may_override=True, at=NOON + 2 * DAY)
    assert caps(3301, 3302, at=NOON + 2 * DAY) == [2, 3]
    assert caps(3301, 3302, at=NOON) == [4, 3]  # what held then is not changed
    set_cap(6, 1, may_override=False, at=NOON + 3 * DAY)
    assert caps(33, 3302, 3201, at=NOON + 3 * DAY) == [6, 6, 6]


def test_what_a_level_permits_stays_until_it_says_otherwise() -> None:
    """A change of the value alone keeps the permission; a first figure takes the default of its kind."""
    set_cap(4, 33, may_override=False)
    set_cap(3, 33, at=NOON + DAY)
    assert (shown(33, at=NOON + DAY).may_override, shown(3302, at=NOON + DAY).locks) == (False, 33)
    services.set_policy("credit_limit_max", 60000, may_override=True, reason="provinces decide", by=TESTER, at=NOON)
    assert not shown(33, "credit_limit_max").may_override, "what the form proposes is what the verb would take"
    services.set_policy("credit_limit_max", 40000, org_id=33, reason="careful", by=PROVINCE, at=NOON)
    assert (shown(33, "credit_limit_max").may_override, shown(3302, "credit_limit_max").value) == (False, 40000)


def test_an_override_is_withdrawn() -> None:
    """From a day on the level above holds again; what is planned goes too; the reason stays with the row."""
    set_cap(4, 33)
    set_cap(3, 3302)
    set_cap(2, 3302, valid_from=NOON + 9 * DAY)
    services.withdraw_policy(CAP, org_id=3302, valid_from=NOON + DAY, reason="trial is over", by=clerk(org_id=3302), at=NOON)
    assert [caps(3302, at=NOON + days * DAY) for days in (0, 1, 9)] == [[3], [4], [4]]
    (ended,) = shown(3302, at=NOON + DAY).earlier
    assert (ended.withdrawn_reason, ended.withdrawn_by) == ("trial is over", "limin")
    set_cap(1, 3302, valid_from=NOON + 3 * DAY, at=NOON + 2 * DAY)
    assert shown(3302, at=NOON + 2 * DAY).own
    services.withdraw_policy(CAP, org_id=3302, reason="not after all", by=TESTER, at=NOON + 2 * DAY)
    assert caps(3302, at=NOON + 4 * DAY) == [4]


@pytest.mark.parametrize(("what", "org_id", "reason", "by", "codes"), [
    ((CAP, 3), 330201, "x", TESTER, ["PTY-84"]),
    ((CAP, 3), 4711, "x", TESTER, ["PTY-84"]),
    ((CAP, 3), 3302, "x", clerk(org_id=3301), ["PTY-85"]),
    ((CAP, 3), 33, "x", clerk(org_id=3301), ["PTY-85"]),
    ((CAP, 3), 1, "x", PROVINCE, ["PTY-85"]),
    ((CAP, 3), 3301, " ", PROVINCE, ["PTY-23"]),
    (("credit_limit_max", 1), 3301, "x", PROVINCE, ["PTY-86"]),
    (("credit_limit_max", 1), 330201, "x", TESTER, ["PTY-84", "PTY-86"]),
    (("credit_limit_max", -1), 330201, "", PROVINCE, ["PTY-84", "PTY-85", "PTY-23", "PTY-86", "PTY-97"]),
])
def test_who_may_set_what_where(what: tuple[str, Any], org_id: int, reason: str, by: Actor, codes: list[str]) -> None:
    """Every reason at once; nothing is written."""
    name, value = what
    with pytest.raises(RulesBroken) as refusal:
        services.set_policy(name, value, org_id=org_id, reason=reason, by=by, at=NOON)
    assert [b.code for b in refusal.value.broken] == codes
    with acting(TESTER):
        assert not PolicyFigure.objects.exclude(org_id=1).exists()


@pytest.mark.parametrize(("org_id", "by", "codes"), [
    (1, TESTER, ["PTY-87"]), (3301, TESTER, ["PTY-87"]), (3302, clerk(org_id=3301), ["PTY-85"]), (330201, PROVINCE, ["PTY-84", "PTY-85", "PTY-87"]),
])
def test_who_may_withdraw_what(org_id: int, by: Actor, codes: list[str]) -> None:
    """There must be a figure of one's own, in sight; the group has nothing to fall back on."""
    set_cap(3, 3302)
    with pytest.raises(RulesBroken) as refusal:
        services.withdraw_policy(CAP, org_id=org_id, reason="x", by=by, at=NOON + DAY)
    assert [b.code for b in refusal.value.broken] == codes


def test_a_locked_level_names_who_locks() -> None:
    """The sentence tells whom to ask; a misformed value alone is refused as such."""
    set_cap(4, 33, may_override=False)
    with pytest.raises(RulesBroken) as refusal:
        set_cap(3, 3302)
    assert "浙江省公司" in refusal.value.broken[0].message or "Zhejiang" in refusal.value.broken[0].message
    with pytest.raises(PolicyRefused):
        set_cap(0, 33)


def two_documents() -> tuple[DocumentDraft, ...]:
    """A card and a passport."""
    return (DocumentDraft(kind="resident_id", number=citizen_number()), DocumentDraft(kind="passport", number=f"E{citizen_number()[-8:]}"))


def test_a_clerk_obeys_the_local_figure() -> None:
    """One document a person in Ningbo only: its clerk is refused where Hangzhou's is not, on creating and on adding."""
    set_cap(1, 3302)
    for refused, org_id in ((False, 3301), (True, 3302)):
        by = clerk(org_id=org_id)
        if refused:
            with pytest.raises(RulesBroken) as refusal:
                customer(by=by, documents=two_documents())
            assert [b.code for b in refusal.value.broken] == ["PTY-20"]
        else:
            customer(by=by, documents=two_documents())
        made = customer(by=by)
        card, second = draft().documents[0], two_documents()[1]
        assert card.kind == "resident_id"
        if refused:
            with pytest.raises(RulesBroken) as refusal:
                services.add_document(made.customer_id, second, by=by, at=NOON)
            assert [b.code for b in refusal.value.broken] == ["PTY-20"]
        else:
            services.add_document(made.customer_id, second, by=by, at=NOON)


def test_the_other_verbs_obey_it_too() -> None:
    """Expiry of blacklist entries, the class and limit that a customer begins with, and that of a rating."""
    days = {"debt": None, "fraud": None, "spam": 10, "identity_abuse": 1825, "authority": None, "own_wish": None}
    services.set_policy("blacklist_expiry_days", days, org_id=3302, reason="x", by=TESTER, at=NOON)
    bands = [{"credit_class": "E", "from_score": 0, "credit_limit": "7.00"}]
    services.set_policy("credit_bands", shown(1, "credit_bands").value, may_override=True, reason="x", by=TESTER, at=NOON)
    services.set_policy("credit_bands", bands, org_id=3302, reason="x", by=TESTER, at=NOON)
    for org_id, days_until, credit_class in ((3301, 365, "C"), (3302, 10, "E")):
        by = clerk(org_id=org_id)
        entry = services.enter_blacklist(BlacklistDraft(match="phone", value=f"1385710{org_id}", cause="spam", effect="deposit", org_id=org_id), by=by, at=NOON)
        with acting(by), connection.cursor() as cursor:
            cursor.execute("SELECT expires_at FROM party_blacklist_entry WHERE id = %s", [entry])
            assert cursor.fetchone() == (NOON + days_until * DAY,)
        made = customer(by=by)
        assert queries.customer(made.customer_id, by=by).credit_class == credit_class
        services.rate_customer(made.customer_id, CreditFacts(tenure_months=0), by=by, at=NOON)
        assert queries.customer(made.customer_id, by=by).credit_class == credit_class


def test_completeness_and_repair_by_the_local_figures() -> None:
    """Where only the name weighs every record is complete, one by one and settled together; the limit of repair is local too."""
    bare: dict[str, Any] = {"documents": (), "media": (), "addresses": (), "consents": ()}
    here, there = customer(by=clerk(org_id=3301), **bare), customer(by=clerk(org_id=3302), **bare)
    weights = {"individual": {"name": 1}, "organization": {"name": 1}}
    services.set_policy("completeness_weights", weights, org_id=3302, reason="x", by=TESTER, at=NOON)
    assert services.settle_completeness(by=TESTER, at=NOON) == 1
    third = customer(by=clerk(org_id=3302), **bare)

    def listed() -> set[Any]:
        with acting(TESTER):
            return set(queries.repairs_visible_to(TESTER, at=NOON).values_list("id", flat=True))

    with acting(TESTER):
        scores = dict(Party.objects.values_list("id", "completeness"))
    assert (scores[here.party_id] < 80, scores[there.party_id], scores[third.party_id]) == (True, 100, 100)
    assert listed() == {here.party_id}
    services.set_policy("repair_below_percent", 0, org_id=3301, reason="x", by=TESTER, at=NOON)
    assert listed() == set()
    services.withdraw_policy("completeness_weights", org_id=3302, reason="x", by=TESTER, at=NOON)
    services.settle_completeness(by=TESTER, at=NOON)
    assert listed() == {there.party_id, third.party_id}


def test_a_company_of_a_province_has_the_provinces_figures() -> None:
    """A customer kept by a province goes by its figure, never by a network's below it."""
    set_cap(1, 3301)
    set_cap(2, 33)
    by = clerk(org_id=33)
    made = services.create_customer(draft(documents=two_documents()), by=by, at=NOON)
    with pytest.raises(RulesBroken):
        services.add_document(made.customer_id, DocumentDraft(kind="passport", number=f"G{credit_code()[-8:-1]}"), by=by, at=NOON)


Figures = dict[int, tuple[int, bool, str]]


def plain(figures: Figures, path: list[int]) -> tuple[int, int] | None:
    """The plain reading of the sentence: go down from the top, take what is set, stop where a level permits no other."""
    found = None
    for org in path:
        if org in figures and figures[org][2] == "now":
            value, permits, _when = figures[org]
            found = (org, value)
            if not permits:
                break
    return found


@st.composite
def operators(draw: st.DrawFn) -> tuple[dict[int, list[int]], Figures]:
    """A tree of organisations below the group, each with its path, and figures set at some of them."""
    paths = {1: [1]}
    for number in range(9001, 9001 + draw(st.integers(0, 7))):
        paths[number] = [*paths[draw(st.sampled_from(sorted(paths)))], number]
    figure = st.tuples(st.integers(1, 100), st.booleans(), st.sampled_from(["now", "now", "now", "over", "planned"]))
    return paths, draw(st.dictionaries(st.sampled_from(sorted(paths)), figure))


WINDOWS = {"now": (-DAY, None), "over": (-2 * DAY, timedelta()), "planned": (timedelta(seconds=1), None)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operators())
def test_the_database_chooses_as_the_sentence_says(operator: tuple[dict[int, list[int]], Figures]) -> None:
    """For any tree and any figures: the SQL function, the page and the plain reading agree for every organisation."""
    paths, figures = operator
    with acting(TESTER), transaction.atomic():
        Org.objects.bulk_create(
            Org(id=org, kind="local_network", parent_id=path[-2], path=f"/{'/'.join(map(str, path))}/", name_zh="组织", name_en="Org")
            for org, path in paths.items() if org != 1)
        PolicyFigure.objects.filter(name=CAP).delete()
        for org, (value, permits, when) in figures.items():
            start, end = WINDOWS[when]
            PolicyFigure.objects.create(name=CAP, org_id=org, value=value, may_override=permits, valid_from=NOON + start,
                                        valid_until=None if end is None else NOON + end, set_by="t")
        with connection.cursor() as cursor:
            cursor.execute("SELECT org, (party_policy_at(%s, org)::jsonb->>%s)::int FROM unnest(%s::int[]) org", [NOON, CAP, sorted(paths)])
            found: dict[int, int | None] = dict(cursor.fetchall())
        in_force = {org: permits for org, (_v, permits, when) in figures.items() if when == "now"}
        for org, path in paths.items():
            expected = plain(figures, path)
            assert found[org] == (expected[1] if expected else None), (org, path)
            assert holder(in_force, path) == (expected[0] if expected else None)
            assert shown(org).value == found[org]
        transaction.set_rollback(True)
    staff.org_labels()
