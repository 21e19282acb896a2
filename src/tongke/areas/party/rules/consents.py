"""Rules of consent: what a party allows, the most restrictive answer winning."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from tongke.areas.party.rules.customers import unfit
from tongke.areas.party.rules.drafts import ConsentDraft
from tongke.areas.party.states import BlacklistEffect, ConsentPurpose, ConsentState, ContactChannel
from tongke.kernel.rules import Broken, collect, rule

PURPOSES, CHANNELS, STATES = frozenset(ConsentPurpose.values), frozenset(ContactChannel.values), frozenset(ConsentState.values)
# Messages that a contract or the law asks for need no consent; an explicit no to a channel still holds for it.
NEEDS_NO_CONSENT = frozenset({ConsentPurpose.SERVICE})


def may_contact(
    *, purpose: str, channel: str, answers: Iterable[tuple[str, str, str]], blacklist_effects: Iterable[str] = ()
) -> bool:
    """Tell whether a party may be contacted for ``purpose`` on ``channel``.

    ``answers`` are the (purpose, channel, state) in force; several for one pair (after a merge, say) are
    allowed. Any denial or withdrawal that covers the pair forbids, whatever else was granted; a purpose
    other than service needs a grant that covers it. ``no_marketing`` on the blacklist forbids all but service.
    """
    held = tuple(answers)
    covering = [
        state for asked, on, state in held
        if asked == purpose and (channel in {on, ContactChannel.ANY} or on == ContactChannel.ANY)
    ]
    # Asking about "any channel" is asking about every one: a no on one of them forbids the blanket use.
    if any(state != ConsentState.GRANTED for state in covering):
        return False
    if purpose in NEEDS_NO_CONSENT:
        return True
    if BlacklistEffect.NO_MARKETING in set(blacklist_effects):
        return False
    granted_on = [on for asked, on, state in held if asked == purpose and state == ConsentState.GRANTED]
    return ContactChannel.ANY in granted_on or (channel != ContactChannel.ANY and channel in granted_on)


def most_restrictive(states: Iterable[str]) -> str | None:
    """Return the answer that wins where several meet: withdrawn before denied before granted."""
    order = (ConsentState.WITHDRAWN, ConsentState.DENIED, ConsentState.GRANTED)
    found = set(states)
    return next((state.value for state in order if state in found), None)


@rule("PTY-40", says=_("This purpose, channel or answer is not known"), mend=_("Choose one of the list"), field="purpose")
def consent_is_known(*, purpose: str, channel: str, state: str) -> bool:
    """Purpose, channel and answer come from the lists."""
    return purpose in PURPOSES and channel in CHANNELS and state in STATES


@rule("PTY-41", says=_("A grant needs evidence: how and where the customer agreed"),
      mend=_("Write down the form, call or page by which the customer agreed"), field="evidence")
def grant_has_evidence(*, state: str, source: str, evidence: str) -> bool:
    """A grant can be proven later: its source or evidence is named."""
    return state != ConsentState.GRANTED or bool(source.strip() or evidence.strip())


@rule("PTY-42", says=_("There is no consent in force that could be withdrawn"), mend=_("Record a denial instead"), field="purpose")
def consent_in_force(*, state: str | None) -> bool:
    """Only a granted consent is withdrawn."""
    return state == ConsentState.GRANTED


@rule("PTY-43", says=_("The same purpose and channel are answered twice"), mend=_("Leave one of the two out"), field="purpose")
def answered_once(*, pairs: tuple[tuple[str, str], ...]) -> bool:
    """One request answers each purpose and channel once."""
    return len(set(pairs)) == len(pairs)


def broken_in_consent(consent: ConsentDraft) -> list[Broken]:
    """Return every rule that the answer breaks by itself."""
    return unfit((("source", consent.source, 60), ("evidence", consent.evidence, 2000))) + collect(
        (consent_is_known, {"purpose": consent.purpose, "channel": consent.channel, "state": consent.state}),
        (grant_has_evidence, {"state": consent.state, "source": consent.source, "evidence": consent.evidence}),
    )
