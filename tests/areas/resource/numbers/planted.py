"""A small number desk for tests: one mobile block of Zhejiang, Hangzhou's range and pool, grades as in FEATURES T4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from uuid import UUID

from tests.factories import staff as make
from tongke.areas.resource import services
from tongke.kernel.actor import Actor, acting, system_actor

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TESTER = system_actor("test")
HALL = frozenset({"resource.view_numbers", "resource.hold_number", "resource.assign_number"})
DESK = HALL | {"resource.run_numbers"}
# A head with a 4 would leave nobody a number without one, and which head is next hangs on what ran before.
_heads = (head for head in count(1) if "4" not in str(head))

# Grades 1 and 2 run 24 months, 3 and 4 60 months, the floor holds while suspended, leaving costs 90 % (FEATURES T4).
GRADES = (
    services.GradeDraft(code="1", rank=1, name_zh="一级", name_en="Grade 1", prestore=Decimal(5000), monthly_floor=Decimal(388), term_months=24, penalty_percent=Decimal(90)),
    services.GradeDraft(code="2", rank=2, name_zh="二级", name_en="Grade 2", prestore=Decimal(2000), monthly_floor=Decimal(188), term_months=24, penalty_percent=Decimal(90)),
    services.GradeDraft(code="3", rank=3, name_zh="三级", name_en="Grade 3", prestore=Decimal(500), monthly_floor=Decimal(59), term_months=60, penalty_percent=Decimal(90),
                        exempt_after_term=True),
)
PATTERNS = (
    services.RuleDraft(grade="1", kind="letters", parameters={"pattern": "AAAA"}, about="AAAA"),
    services.RuleDraft(grade="2", kind="ladder", parameters={"length": 4}, about="ABCD"),
    services.RuleDraft(grade="2", kind="letters", parameters={"pattern": "AAA"}, about="AAA"),
    services.RuleDraft(grade="3", kind="letters", parameters={"pattern": "AABB"}, about="AABB"),
    services.RuleDraft(grade="3", kind="letters", parameters={"pattern": "ABAB"}, about="ABAB"),
)


@dataclass(frozen=True)
class Desk:
    """What was planted: the first number of the block's thousand (as a whole number) and the pool of Hangzhou."""

    first: int
    block_id: UUID
    range_id: UUID
    pool_id: UUID

    def number(self, at: int) -> str:
        """The number at a place of the thousand."""
        return f"+{self.first + at}"


def actor(name: str = "limin", *, org_id: int = 3301, scope: tuple[int, ...] | None = None, rights: frozenset[str] = HALL) -> Actor:
    """Somebody at a network's hall or desk."""
    return Actor(name=name, org_id=org_id, scope=scope or (org_id,), permissions=rights)


DESK_CLERK = actor("xuliang", rights=DESK)
PROVINCE_DESK = actor("province-desk", org_id=33, scope=(33, 3301, 3302, 3303), rights=DESK)


def grades(*, org_id: int = 1, at: datetime = datetime(2020, 1, 1, tzinfo=UTC)) -> int:
    """Release the planted table of grades."""
    with acting(TESTER):
        made = services.draft_schedule(org_id=org_id, name="靓号等级", grades=GRADES, rules=PATTERNS, by=TESTER, at=at)
        services.release_schedule(schedule_id=made, by=TESTER, at=at)
    return made


def desk(size: int = 1000, *, graded: bool = True, channels: tuple[str, ...] = (), at: datetime = datetime(2020, 1, 2, tzinfo=UTC), org_id: int = 3301) -> Desk:
    """Plant the tree, a block of ``size`` numbers, its range at a network and a pool full of them."""
    make.tree()
    head = next(_heads)
    first = 86_138_570_00_000 + head * 10_000
    with acting(TESTER):
        if graded:
            grades()
        block = services.record_block(code=f"B{head}", kind="mobile", first=first, last=first + size - 1, org_id=org_id // 100, by=TESTER, at=at)
        given = services.give_range(first=first, last=first + size - 1, org_id=org_id, by=TESTER, at=at)
        pool = services.open_pool(code=f"P{head}", name_zh="普通号池", kind="mobile", org_id=org_id, channels=channels, by=TESTER, at=at)
        services.allot_range(pool_id=pool, first=first, last=first + size - 1, by=TESTER, at=at)
    return Desk(first, block, given, pool)
