"""What people see of the hub: subscriptions and how they fare, dead letters, events that could not be told."""

# ruff: noqa: S611 - what goes into the statements are constants of this file

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, CharField, DateTimeField, F, IntegerField, QuerySet, UUIDField
from django.db.models.expressions import RawSQL

from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.verb import verb
from tongke.tmf.hub.models import Delivery, InboxRow, Subscription

COURSE = "(SELECT c.{} FROM tmf_course c WHERE c.subscription_id = tmf_subscription.id)"
BACKLOG = """(SELECT count(*) FROM tmf_delivery d WHERE d.subscription_id = tmf_subscription.id AND d.dead_at IS NULL
 AND d.id > (SELECT c.position FROM tmf_course c WHERE c.subscription_id = tmf_subscription.id))"""
DEAD = "(SELECT count(*) FROM tmf_delivery d WHERE d.subscription_id = tmf_subscription.id AND d.dead_at IS NOT NULL)"
NOTICE = "(SELECT n.{} FROM tmf_notice n WHERE n.id = tmf_delivery.notice_id)"
CALLBACK = "(SELECT s.callback FROM tmf_subscription s WHERE s.id = tmf_delivery.subscription_id)"


def subscriptions_visible_to(actor: Actor) -> QuerySet[Subscription]:
    """Return the subscriptions of the actor's branch with how each fares. Needs ``integration.view``."""
    actor.require("integration.view")
    found: QuerySet[Subscription] = QuerySet(Subscription).defer("secret").annotate(
        backlog=RawSQL(BACKLOG, [], output_field=IntegerField()), dead=RawSQL(DEAD, [], output_field=IntegerField()),
        delivered=RawSQL(COURSE.format("delivered"), [], output_field=BigIntegerField()),
        failures=RawSQL(COURSE.format("failures"), [], output_field=IntegerField()),
        failing_since=RawSQL(COURSE.format("failing_since"), [], output_field=DateTimeField()),
        due_at=RawSQL(COURSE.format("due_at"), [], output_field=DateTimeField()),
        last_success_at=RawSQL(COURSE.format("last_success_at"), [], output_field=DateTimeField()),
        last_error=RawSQL(COURSE.format("last_error"), [], output_field=CharField()),
        last_error_at=RawSQL(COURSE.format("last_error_at"), [], output_field=DateTimeField()),
    )
    return found


def subscription_visible(*, subscription_id: UUID, by: Actor) -> Subscription:
    """Return one subscription with how it fares. Raises ``NotFound``."""
    found = subscriptions_visible_to(by).filter(id=subscription_id).first()
    if found is None:
        raise NotFound
    return found


def letters_visible_to(actor: Actor) -> QuerySet[Delivery]:
    """Return the dead letters of the actor's branch with their events' names. Needs ``integration.view``."""
    actor.require("integration.view")
    found: QuerySet[Delivery] = QuerySet(Delivery).filter(dead_at__isnull=False).annotate(
        type=RawSQL(NOTICE.format("type"), [], output_field=CharField()), api=RawSQL(NOTICE.format("api"), [], output_field=CharField()),
        message_id=RawSQL(NOTICE.format("message_id"), [], output_field=CharField()),
        record_id=RawSQL(NOTICE.format("record_id"), [], output_field=UUIDField()),
        occurred_at=RawSQL(NOTICE.format("occurred_at"), [], output_field=DateTimeField()),
        callback=RawSQL(CALLBACK, [], output_field=CharField()),
    )
    return found


def waiting_visible_to(actor: Actor) -> QuerySet[Delivery]:
    """Return the deliveries of the actor's branch that wait their turn, with their events' names. Needs ``integration.view``."""
    actor.require("integration.view")
    come = RawSQL("(SELECT c.position FROM tmf_course c WHERE c.subscription_id = tmf_delivery.subscription_id)", [], output_field=BigIntegerField())
    found: QuerySet[Delivery] = QuerySet(Delivery).filter(dead_at__isnull=True).annotate(come=come).filter(id__gt=F("come")).annotate(
        type=RawSQL(NOTICE.format("type"), [], output_field=CharField()), message_id=RawSQL(NOTICE.format("message_id"), [], output_field=CharField()),
        callback=RawSQL(CALLBACK, [], output_field=CharField()),
    )
    return found


def letter_visible(*, delivery_id: int, by: Actor) -> Delivery:
    """Return one dead letter. Raises ``NotFound``."""
    found = letters_visible_to(by).filter(id=delivery_id).first()
    if found is None:
        raise NotFound
    return found


def set_aside_visible_to(actor: Actor) -> QuerySet[InboxRow]:
    """Return the events that could not be told by a fault of ours; they name no customer. Needs ``operations.view``."""
    actor.require("operations.view")
    return QuerySet(InboxRow).exclude(error="")


@dataclass(frozen=True, slots=True)
class HubFigures:
    """How the hub fares as a whole, within the actor's branch."""

    active: int
    suspended: int
    backlog: int
    dead: int
    set_aside: int
    oldest: datetime | None


FIGURES = f"""
SELECT count(*) FILTER (WHERE state = 'active'), count(*) FILTER (WHERE state = 'suspended'),
  coalesce(sum({BACKLOG}), 0), coalesce(sum({DEAD}), 0), (SELECT count(*) FROM tmf_inbox WHERE error <> ''),
  (SELECT min(occurred_at) FROM tmf_inbox WHERE error = '')
FROM tmf_subscription
"""


def hub_figures(*, by: Actor) -> HubFigures:
    """Return how the hub fares. Needs ``integration.view``."""
    by.require("integration.view")
    with connection.cursor() as cursor:
        cursor.execute(FIGURES)
        return HubFigures(*cursor.fetchone())


@verb("operations.retry")
def tell_again(*, row_id: int, by: Actor, at: datetime) -> None:
    """Lay an event that was set aside before its subscriptions once more. Raises ``NotFound``."""
    del by, at
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tmf_inbox SET error = '' WHERE id = %s AND error <> ''", [row_id])
        if not cursor.rowcount:
            raise NotFound
