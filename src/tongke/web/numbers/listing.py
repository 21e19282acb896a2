"""The list of numbers: by pool, state, grade, kind; bulk verbs of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.states import NumberKind, NumberState
from tongke.kernel import clock
from tongke.kernel.actor import Actor, current_actor
from tongke.web.kit import (
    COUNT_BOUND,
    AnyOfFilter,
    Ask,
    Bulk,
    ChoiceFilter,
    Empty,
    Export,
    KitForm,
    Link,
    ListPage,
    Moment,
    State,
    Text,
    TextFilter,
    formatting,
)
from tongke.web.kit.rows import queryset_count
from tongke.web.numbers.board import EVERY, LOW, OPEN, is_low
from tongke.web.numbers.navigation import RUN, SEE
from tongke.web.numbers.words import STATE_TONES, grade_choices, number_words, org_choices, pool_choices

PLAIN = {"pool", "pools", "org", "state", "grade", "kind"}
PAGE = "number-rows"


@dataclass(frozen=True, slots=True)
class Pools:
    """Pools of which numbers are meant: by which word of the address, and which they are."""

    word: str
    ids: tuple[UUID, ...]

    def __str__(self) -> str:
        return self.word


class PoolsFilter(ChoiceFilter):
    """Only numbers of pools: those that are open, those that run dry, or any."""

    def parse(self, query: Any, actor: Actor) -> Any:
        """Return the pools that are meant, or ``None``."""
        word = super().parse(query, actor)
        if word is None:
            return None
        gauges = queries.pool_gauges(past=word == EVERY, by=actor, at=clock.now())
        return Pools(word, tuple(pool.id for pool in gauges if word != LOW or is_low(pool)))

    def narrow(self, value: Any) -> Q:
        """Return the condition."""
        return Q(pool_id__in=value.ids)


class BeginsFilter(TextFilter):
    """Numbers that begin so, as people write them; ``starts_with`` goes along the index."""

    def narrow(self, value: Any) -> Q:
        """Return the condition: a range of texts, so that an index serves it."""
        given = "".join(c for c in value if c.isdigit() or c == "+")
        head = given if given.startswith("+") else f"+86{given.removeprefix('0')}"
        return Q(number__gte=head, number__lt=f"{head}:")  # a colon is the first character behind the digits


def tallied(page_rows: Any, ask: Ask) -> int:
    """Count by the running tallies where they tell all that was asked for; else the rows, up to the bound."""
    if not set(ask.filters) <= PLAIN:
        return queryset_count(page_rows)
    asked = {**ask.filters}
    pool, org, pools = asked.pop("pool", None), asked.pop("org", None), asked.pop("pools", None)
    wanted = {key: value if isinstance(value, list) else [value] for key, value in asked.items()}
    counts = [c for c in queries.number_counts(pool_id=pool, org_id=org, by=ask.actor) if pools is None or c.pool_id in pools.ids]
    total = sum(c.count for c in counts if all(getattr(c, key) in values for key, values in wanted.items()))
    return min(total, COUNT_BOUND + 1)


def logged(name: str, rows: int, *, by: Actor, at: datetime) -> None:
    """Numbers that nobody uses are no personal data: nothing to log (lines are told by their ids only)."""
    del name, rows, by, at


class PoolForm(KitForm):
    """Which pool."""

    pool_id = forms.ChoiceField(label=_("Pool"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        actor = current_actor()
        self.fields["pool_id"].choices = pool_choices(actor) if actor.may(SEE) else []  # type: ignore[attr-defined]  # a choice field


def move_number(*, number: str, pool_id: str, by: Actor, at: datetime) -> None:
    """Put one number into another pool of its organisation."""
    services.move_range(first=number, last=number, pool_id=UUID(pool_id), by=by, at=at)


def number_of_row(key: str) -> str:
    """Return the number whose row is marked; raises ``ValueError`` for what is none."""
    ident = UUID(key)
    if not queries.is_number_id(ident):
        raise ValueError(key)
    return queries.number_of(ident)


def _bulk(key: str, label: Any, verb: Any, icon: str, **more: Any) -> Bulk:
    return Bulk(key=key, label=label, verb=verb, argument="number", icon=icon, permission=RUN, cast=number_of_row, **more)


class Numbers(ListPage):
    """Every number in scope."""

    name, title, permission = PAGE, _("All numbers"), SEE
    subtitle = _("One row a number; what it costs is told on its page")
    rows = queries.numbers_visible_to
    columns = (
        Link(key="number", label=_("Number"), to=lambda n: reverse("number", args=[n.id]), value=lambda n: number_words(n.number), sort="number", css="tk-num"),
        State(key="state", label=_("State"), labels=NumberState, tones=STATE_TONES),
        Text(key="grade", label=_("Grade"), value=lambda n: "–" if n.grade == "0" else n.grade),
        State(key="kind", label=_("Kind"), labels=NumberKind),
        Text(key="pool", label=_("Pool"), value=lambda n: formatting.name(n.pool) if n.pool else None),
        Moment(key="held_until", label=_("Held until")), Moment(key="cooling_until", label=_("Cools until"), hidden=True),
        Text(key="order_ref", label=_("Order reference")), Text(key="operator", label=_("Other operator"), hidden=True),
        Text(key="note", label=_("Note")), Moment(key="since", label=_("Since")),
    )
    filters = (
        BeginsFilter(key="begins", label=_("Begins with"), primary=True),
        ChoiceFilter(key="pool", label=_("Pool"), lookup="pool_id", choices=pool_choices, cast=UUID, primary=True),
        AnyOfFilter(key="state", label=_("State"), choices=NumberState.choices, primary=False),
        AnyOfFilter(key="grade", label=_("Grade"), choices=grade_choices),
        ChoiceFilter(key="kind", label=_("Kind"), choices=NumberKind.choices, primary=True),
        ChoiceFilter(key="org", label=_("Organisation"), lookup="org_id", choices=org_choices, cast=int),
        PoolsFilter(key="pools", label=_("Pools"), choices=((OPEN, _("Open pools")), (LOW, _("Pools that run dry")), (EVERY, _("Any pool, closed ones too")))),
    )
    sort = "number"
    export = Export(permission=RUN, rows_max=COUNT_BOUND, filename="numbers", logged=logged)
    empty = Empty(says=_("No number yet"), mend=_("Record a block, give a range and allot it to a pool"), action=_("Blocks"), address="/numbers/blocks", permission=RUN, icon="number")
    bulk = (
        _bulk("reserve", _("Keep back"), services.reserve_number, "pin", reason=True, confirm=_("Keep these numbers back? What for?")),
        _bulk("unreserve", _("Give back to its pool"), services.unreserve_number, "arrow-back-up"),
        _bulk("block", _("Block them"), services.block_number, "ban", reason=True, confirm=_("Block these numbers? Why?"), danger=True),
        _bulk("unblock", _("Unblock"), services.unblock_number, "lock-open"),
        _bulk("move", _("Move to the pool"), move_number, "transfer", form=PoolForm),
    )

    def read_count(self, ask: Ask) -> int:
        """Count by the tallies: ten million rows cost as much as ten."""
        return tallied(self.narrowed(ask), ask)
