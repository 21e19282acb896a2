"""What the party room does when other rooms' facts arrive."""

from __future__ import annotations

from datetime import datetime

from tongke.areas.account import queries as accounts
from tongke.areas.account.events import PaymentRecorded
from tongke.areas.party import services
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import reaction


@reaction(PaymentRecorded)
def lift_paid_debts(*, event: PaymentRecorded, by: Actor, at: datetime) -> None:
    """Blacklist entries that stand for a debt end when the account owes nothing any more (T16).

    A reaction may run long after its event: what counts is what is owed now, not what was owed then.
    """
    if event.debt_cleared and accounts.account_brief(event.account_id, on=at.date(), by=by).owed == 0:
        services.clear_debt_entries(event.account_id, by=by, at=at)
