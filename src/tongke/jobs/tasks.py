"""Every task of the queue. Procrastinate runs a task at least once; each is safe to run twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from procrastinate import JobContext, RetryStrategy, builtin_tasks
from procrastinate.contrib.django import app

from tongke.areas.party import services as parties
from tongke.areas.resource import services as resources
from tongke.areas.staff import services as staff
from tongke.jobs import documents, giving, importing, migrating, numbers
from tongke.kernel import audit, outbox, partition, tally
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.clock import now

STALLED_SECONDS = 15
FINISHED_KEPT_HOURS = 72
SWEPT_AT_ONCE = 500
# Three tries within a minute, then ever rarer for about a day: a broken reaction stays visible meanwhile.
PATIENT = RetryStrategy(max_attempts=20, exponential_wait=2)


@app.task(name="tongke.react", retry=PATIENT)
def react(event_id: str, reaction: str) -> None:
    """Run one reaction to one event; done already is done."""
    outbox.run_reaction(event_id=UUID(event_id), reaction=reaction)


@app.periodic(cron="* * * * * */10")
@app.task(name="tongke.retry_stalled", pass_context=True, queueing_lock="tongke.retry_stalled")
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Give the jobs of killed workers back to the queue."""
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await manager.retry_job(job)


@app.periodic(cron="*/1 * * * *")
@app.task(name="tongke.anchor_audit", queueing_lock="tongke.anchor_audit")
def anchor_audit(timestamp: int) -> None:
    """Sign the ends of the audit chains into the anchor file."""
    del timestamp
    with acting(system_actor("anchor")):
        audit.Anchors(settings.AUDIT_ANCHORS, settings.AUDIT_ANCHOR_KEY).write(at=now())


@app.periodic(cron="17 3 * * *")
@app.task(name="tongke.ensure_partitions", queueing_lock="tongke.ensure_partitions")
def ensure_partitions(timestamp: int) -> None:
    """Make the partitions of the coming three months for every table that has any."""
    del timestamp
    today = now().date()
    with acting(system_actor("partitions")):
        for table in partition.partitioned_tables():
            partition.ensure_months(table, today, today + timedelta(days=92))


@app.periodic(cron="7 * * * *")
@app.task(name="tongke.end_what_ran_out", queueing_lock="tongke.end_what_ran_out")
def end_what_ran_out(timestamp: int) -> None:
    """Close blacklist entries and credit ratings by hand whose end has come; forget sessions that have ended."""
    del timestamp
    by = system_actor("end_what_ran_out")
    parties.expire_entries(by=by, at=now())
    parties.end_overrides(by=by, at=now())
    staff.forget_sign_ins(by=by, at=now())


@app.periodic(cron="* * * * *")
@app.task(name="tongke.expire_reservations", queueing_lock="tongke.expire_reservations")
def expire_reservations(timestamp: int) -> None:
    """Free ports and stock whose reservations ran out; a port is never left reserved by an order that is gone."""
    del timestamp
    by = system_actor("expire_reservations")
    while resources.expire_reservations(limit=SWEPT_AT_ONCE, by=by, at=now()) == SWEPT_AT_ONCE:
        continue


@app.periodic(cron="* * * * *")
@app.task(name="tongke.fold_tallies", queueing_lock="tongke.fold_tallies")
def fold_tallies(timestamp: int) -> None:
    """Fold the running counts together."""
    del timestamp
    with acting(system_actor("tallies")):
        tally.fold_tallies()


@app.periodic(cron="41 * * * *")
@app.task(name="tongke.forget_finished_jobs", pass_context=True, queueing_lock="tongke.forget_finished_jobs")
async def forget_finished_jobs(context: JobContext, timestamp: int) -> None:
    """Remove finished jobs of the queue after three days; failed ones stay visible."""
    del timestamp
    await builtin_tasks.remove_old_jobs(context, max_hours=FINISHED_KEPT_HOURS)


# Tasks that live in files of their own are known to the worker through here.
ELSEWHERE = (numbers.sweep_numbers, numbers.gauge_pools, migrating.migrate_products, migrating.settle_versions, importing.run_import_job, importing.purge_uploads,
             giving.reclaim_shares, giving.expire_points, documents.work_document)
