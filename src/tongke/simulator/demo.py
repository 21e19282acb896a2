"""The demo operator: a small simulated one with people whose stories the tour tells.

``load_demo`` may be called again at any time: what is there stays, what a killed run left out is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from tongke.areas.party import services as parties
from tongke.areas.party.queries import linkage
from tongke.areas.party.services.credit_override import ask_override
from tongke.areas.staff import queries as staff_queries
from tongke.areas.staff import services as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor, acting, system_actor
from tongke.simulator import demo_stories as stories
from tongke.simulator.calendar_months import Span
from tongke.simulator.demo_catalogue import WAITING_OFFER, authorities, retired_plan, scarce_promotion, waiting_offer
from tongke.simulator.demo_resources import dry_pool, give_cards, give_numbers, golden_number, others_block, parcel_with_a_gap
from tongke.simulator.demo_staff import PASSWORD, PEOPLE, acting_person, hire_staff
from tongke.simulator.ground import lay_ground
from tongke.simulator.load import Progress, begun_until, fill
from tongke.simulator.loading import Owner, close_job, find_jobs, open_job
from tongke.simulator.network_build import build_network
from tongke.simulator.number_stock import stock_numbers
from tongke.simulator.stock import fill_stock
from tongke.simulator.store import connect, owner_conninfo
from tongke.tmf.hub.allowing import allow_target

CUSTOMERS, MONTHS, SEED, PREMISES = 2990, 6, 2026, 6000
JOB = "demo"
LOG_INS = tuple((person.username, PASSWORD, person.duty) for person in PEOPLE)
"""User name, password and who that is, of every demo log-in."""
_LOCK = 7_304_116
_KEPT = """SELECT id FROM party_customer WHERE org_id = 3301 AND segment IN ('business', 'key_account') AND manager_id IS NULL
AND state = 'active' ORDER BY credit_limit DESC, id LIMIT 24"""


def demo_is_unfinished() -> bool:
    """Tell whether a call of ``load_demo`` was killed before it had told all its stories."""
    with connect(owner_conninfo()) as owner:
        jobs = find_jobs(owner, JOB)
    return bool(jobs) and jobs[0][2] != "done"


def log_ins_here() -> tuple[tuple[str, str, str], ...]:
    """Return those of ``LOG_INS`` that this house knows: none of a real operator, and none that an older demo did not have yet."""
    with acting(system_actor("demo")):
        return tuple(row for row in LOG_INS if staff_queries.staff_by_username(row[0]) is not None)


def load_demo(progress: Callable[[int, int, int], None] | None = None) -> bool:
    """Lay out the demo operator; true where anything was made. About 3,000 customers and 6 months, a town of 6,000 homes.

    The mass of customers with their numbers is committed step by step, the named people with all that hangs on them
    another, then the network that connects all of them and what their lines use, then the stories of catalogue and resources: a kill
    between two is mended by the next call. ``progress`` is told (customers done, in all, rows).
    """
    with connect(owner_conninfo()) as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        with acting(system_actor("demo")):
            told = staff_queries.staff_by_username("limin") is not None
        jobs = find_jobs(owner, JOB)
        if told and (not jobs or jobs[0][2] == "done"):
            return False
        at = clock.now()
        until = begun_until(owner, SEED) or at.replace(hour=0, minute=0, second=0, microsecond=0)
        others = _others(owner)
        span = Span(seed=SEED, customers=CUSTOMERS, months=MONTHS, until=until)
        _lay_mass(owner, span, others=others, progress=progress)
        job = jobs[0][0] if jobs else open_job(owner, JOB, "demo", title="Demo", parameters={}, total=1)
        if not told:
            _tell_stories(at, None if others else span)
        build_network(premises=PREMISES, seed=SEED, until=until, workers=1)
        fill_stock(customers=0 if others else CUSTOMERS, seed=SEED, until=until, workers=1)
        if not _told_of_resources(owner):
            _tell_of_resources(at, others=others)
        close_job(owner, job, done=1, rows=0)
    return True


def _others(owner: Owner) -> bool:
    """Tell whether customers stand here that are not the demo's own."""
    (others,) = owner.execute(
        "SELECT count(*) FROM party_customer WHERE customer_no NOT LIKE 'CS026%%' AND customer_no NOT LIKE 'CU%%'").fetchone() or (0,)
    return bool(others)


def _told_of_resources(owner: Owner) -> bool:
    """Tell whether the stories of catalogue, numbers and stock stand: they came all together, the offer that waits among them."""
    (told,) = owner.execute("SELECT EXISTS (SELECT FROM catalogue_offering WHERE code = %s)", [WAITING_OFFER]).fetchone() or (False,)
    return bool(told)


def _lay_mass(owner: Owner, span: Span, *, others: bool, progress: Progress | None) -> None:
    """Make the customers, unless others stand here, and in any case numbers."""
    if others:
        lay_ground(owner, span)
    else:
        fill(customers=CUSTOMERS, months=MONTHS, seed=SEED, until=span.until, workers=1, force=True, progress=progress)
    customers = 0 if others else CUSTOMERS
    stock_numbers(customers=customers, seed=SEED, until=span.until, named=True, workers=1)


def _tell_stories(at: datetime, span: Span | None) -> None:
    """Make the named staff and customers and the work that waits for them, all or nothing.

    ``span`` is the mass of customers, if it was made: some of them are recorded twice.
    """
    by = system_actor("demo")
    with acting(by), transaction.atomic():
        people = hire_staff(by=by, at=at - timedelta(days=400))
        wang = stories.wang_fang(people, by=by, at=at)
        stories.zhang_wei_twice(people, by=by, at=at)
        firm = stories.blue_sea(people, by=by, at=at)
        stories.liu_yang(people, by=by, at=at)
        stories.john_smith(people, by=by, at=at)
        retired_plan(by=by, at=at)
        give_numbers(by=by, at=at)
        _keep_accounts(people["chenqiang"], by=by, at=at)
        if span is not None:
            stories.second_records(span, by=by, at=at - timedelta(days=50))
        parties.record_pairs(pairs=list(linkage.scored_pairs()), by=by, at=at)
        # Whoever tries the API listens on this very machine; a real installation begins with an empty list.
        for target in ("127.0.0.0/8", "::1"):
            allow_target(target=target, note="demo", by=by, at=at)
        _leave_work(people, wang.customer_id, firm.customer_id, at=at)


def _tell_of_resources(at: datetime, *, others: bool) -> None:
    """Tell the stories of catalogue, numbers and stock, all or nothing. ``others``: whose customers no promotion is given to."""
    by = system_actor("demo")
    with acting(by), transaction.atomic():
        people = {person.username: acting_person(person) for person in PEOPLE}
        authorities(by=by, at=at - timedelta(days=300))
        waiting_offer(people["shenyue"], at=at)
        if not others:
            scarce_promotion(by=by, at=at)
        give_cards(seed=SEED, by=by, at=at)
        golden_number(people["limin"], at=at)
        dry_pool(people["xuliang"], at=at)
        others_block(by=by, at=at)
        parcel_with_a_gap(people["tanglei"], at=at)


def _keep_accounts(manager: Actor, *, by: Actor, at: datetime) -> None:
    """Let the account manager keep the best companies of his local network."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT)
        kept: list[UUID] = [row[0] for row in cursor.fetchall()]
    for customer_id in kept:
        parties.set_level(customer_id, manager_id=manager.staff_id, by=by, at=at - timedelta(days=90))


def _leave_work(people: dict[str, Actor], wang: UUID, firm: UUID, *, at: datetime) -> None:
    """Leave requests to decide, notes to read and filters to use."""
    limin, sunli, hewei = (people[name] for name in ("limin", "sunli", "hewei"))
    # 陈强 sees his own customers only, whom a request for another's rating would not find.
    chenqiang = replace(people["chenqiang"], own_rows_of=None)
    ask_override(firm, credit_class="A", credit_limit=Decimal(20_000), expires_at=at + timedelta(days=90),
                 reason="专线扩容期间账单增加，申请临时提高信用额度", by=chenqiang, at=at - timedelta(hours=3))
    ask_override(wang, credit_class="A", credit_limit=Decimal(2000), expires_at=at + timedelta(days=30),
                 reason="金卡客户出国漫游，申请临时提高信用额度", by=sunli, at=at - timedelta(hours=5))
    staff.open_post(staff_id=_id(people["zhoujie"]), org_id=3301, roles=["supervisor"], title="值班主管", reason="国庆期间代班", by=hewei,
                    at=at - timedelta(hours=2))
    for who, says, values, link in _notes(firm):
        staff.notify(staff_ids=[_id(people[who])], says=says, values=values, link=link, by=limin, at=at - timedelta(hours=1))
    for who, page, name, query in _FILTERS:
        staff.save_filter(page=page, name=name, query=query, by=people[who], at=at)


def _id(actor: Actor) -> UUID:
    if actor.staff_id is None:
        raise ValueError(actor.name)
    return actor.staff_id


def _notes(firm: UUID) -> tuple[tuple[str, str, dict[str, Any], str], ...]:
    """Return notes for trays: who, sentence, values, link."""
    return (
        ("limin", gettext_noop("A complaint of a gold customer waits for a visit on Saturday"), {}, "/search?q=13857100001"),
        ("chenqiang", gettext_noop("The contract of a customer you keep ends within three months"), {}, f"/customers/{firm}"),
        ("wujing", gettext_noop("New likely duplicates wait for review"), {}, "/duplicates"),
        ("zhengnan", gettext_noop("The figures of last month are complete"), {}, "/statistics"),
    )


_FILTERS = (
    ("limin", "customers", "金卡客户", "level=gold"),
    ("chenqiang", "customers", "我的大客户", "segment=key_account"),
    ("wujing", "customers", "已离网客户", "state=left"),
    ("zhengnan", "customers", "政企客户", "segment=business"),
)
