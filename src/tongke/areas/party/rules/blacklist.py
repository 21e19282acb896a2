"""Rules of the blacklist: entries, appeals, and what several entries together do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.areas.party.states import EFFECTS_BY_WEIGHT, BlacklistCause, BlacklistEffect, BlacklistMatch
from tongke.kernel.rules import rule


def strictest_effect(effects: Iterable[str]) -> str | None:
    """Return the effect that wins: refuse, then review, deposit, no marketing; ``None`` where there is none."""
    found = set(effects)
    return next((effect.value for effect in EFFECTS_BY_WEIGHT if effect in found), None)


def is_in_force(*, state: str, valid_from: datetime, expires_at: datetime | None, at: datetime) -> bool:
    """Tell whether an entry works at ``at``: active or appealed, begun, its end not reached."""
    return state in {"active", "appealed"} and valid_from <= at and (expires_at is None or at < expires_at)


@rule("PTY-50", says=_("Subject, cause, effect or level is none of the list"), mend=_("Choose one of the list; the level is 1 to 5"),
      field="match")
def entry_words_are_known(*, match: str, cause: str, effect: str, level: int) -> bool:
    """Every coded word comes from its list; the level is 1 to 5."""
    return match in BlacklistMatch.values and cause in BlacklistCause.values and effect in BlacklistEffect.values and 1 <= level <= 5


@rule("PTY-51", says=_("The entry would end before it begins"), mend=_("Choose a later end, or none"), field="expires_at")
def entry_ends_later(*, expires_at: datetime | None, at: datetime) -> bool:
    """An end lies after the beginning."""
    return expires_at is None or expires_at > at


@rule("PTY-52", says=_("An entry for debt names the account that owes"), mend=_("Choose the account; the entry clears when it is paid"),
      field="debt_account_id")
def debt_names_account(*, cause: str, debt_account_id: UUID | None) -> bool:
    """Debt entries, and only they, name an account: payment clears them."""
    return (cause == BlacklistCause.DEBT) == (debt_account_id is not None)


@rule("PTY-53", says=_("The value does not have the form of what the entry is about"), mend=_("Check the number"), field="value")
def value_has_form(*, key: str | None) -> bool:
    """The value could be brought to its normal form."""
    return key is not None


@rule("PTY-54", says=_("An entry of this cause is in force for the same subject"), mend=_("Change or lift the present entry first"),
      field="value")
def entered_once(*, in_force: int) -> bool:
    """One cause stands once at a time for one subject."""
    return in_force == 0


@rule("PTY-55", says=_("Who entered or appealed cannot decide"), mend=_("Another entitled colleague decides"))
def decided_by_another(*, decided_by: str, entered_by: str, filed_by: str) -> bool:
    """Two persons: the decider neither made the entry nor filed the appeal."""
    return decided_by not in {entered_by, filed_by}


@rule("PTY-56", says=_("An entry for debt clears by payment of the account, not by a wish to lift it"),
      mend=_("Have the account paid, or have an appeal decided"))
def lifted_by_its_way(*, cause: str, appealed: bool) -> bool:
    """Debt entries are lifted on payment or on appeal only."""
    return cause != BlacklistCause.DEBT or appealed
