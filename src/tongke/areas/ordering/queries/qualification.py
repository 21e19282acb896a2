"""Which offerings a customer may order now, with every reason and what would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue.queries.eligibility import Finding, Judgement, Named, Offer, RuleBook, judge
from tongke.areas.catalogue.queries.labels import not_sold_yet
from tongke.areas.ordering.errors import NothingToJudge, NotOnSaleYet, UnknownOffering
from tongke.areas.ordering.queries.facts import Gathered, Prospect, Wanted, gather
from tongke.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Qualification:
    """What the rules say of one offering. ``outcome``: eligible, conditional (``findings`` say under which conditions), refused."""

    code: str
    offer: Offer | None
    outcome: str
    findings: tuple[Finding, ...]
    judgement: Judgement

    @property
    def name(self) -> Any:
        """The offering's name in the reader's language."""
        return self.offer.name if self.offer else Named(self.code, self.code)

    @property
    def version(self) -> int:
        """The version on sale; 0 where there is none."""
        return self.offer.version if self.offer else 0

    @property
    def deposit(self) -> Decimal:
        """What the customer would leave."""
        return self.judgement.verdicts[self.code].deposit

    @property
    def penalty(self) -> Decimal:
        """What the customer would pay for contracts that end early."""
        return self.judgement.verdicts[self.code].penalty

    @property
    def conditions(self) -> tuple[Finding, ...]:
        """The findings that the customer's word, a deposit, a review or an answer settles."""
        return tuple(f for f in self.findings if f.effect != "refuse")

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """The findings that must be mended first."""
        return tuple(f for f in self.findings if f.effect == "refuse")

    @property
    def fingerprint(self) -> str:
        """The digest of facts and rules that it was said by."""
        return self.judgement.fingerprint


def qualify(
    customer_id: UUID | None, offering_codes: Sequence[str] | None = None, *, place_id: UUID | None = None, channel: str | None = None,
    wanted: Wanted | None = None, prospect: Prospect | None = None, by: Actor, at: datetime,
) -> list[Qualification]:
    """Judge offerings (``None``: everything on sale there) for a customer, or for a prospect where ``customer_id`` is ``None``.

    ``wanted`` says more of the order than place and channel. The same function judges anew when an order is submitted and before
    it is activated: where the fingerprint is the same, so is the answer. Raises as ``facts_of``, and ``NothingToJudge``.
    """
    gathered = gather(customer_id, wanted or Wanted(place_id=place_id, channel=channel), prospect=prospect, by=by, at=at)
    book = catalogue.rules_in_force(gathered.org_id, known=gathered.revision, at=at)
    return judged(book, gathered, offering_codes)


def qualify_as_if(
    rule_id: UUID, customer_id: UUID | None, offering_codes: Sequence[str] | None = None, *, wanted: Wanted, prospect: Prospect | None = None,
    by: Actor, at: datetime,
) -> list[Qualification]:
    """Judge as if the draft of a rule were in force; needs ``catalogue.rules`` too."""
    gathered = gather(customer_id, wanted, prospect=prospect, by=by, at=at)
    return judged(catalogue.book_as_if(rule_id, gathered.org_id, by=by, at=at), gathered, offering_codes)


def judged(book: RuleBook, gathered: Gathered, offering_codes: Sequence[str] | None) -> list[Qualification]:
    """Return what a book says of facts; raises ``NothingToJudge``, ``NotOnSaleYet`` and, for codes that never were, ``UnknownOffering``."""
    unknown = [code for code in offering_codes or () if code not in book.offers]
    if unknown:
        for offering, state in not_sold_yet(unknown).values():
            raise NotOnSaleYet(offering=offering, state=state, field="offering")
        raise UnknownOffering(offering=", ".join(unknown), field="offering")
    judgement = judge(book, gathered.facts, offering_codes)
    if not judgement.verdicts:
        raise NothingToJudge
    offers = book.offers
    return [Qualification(code, offers.get(code), v.outcome, v.findings, judgement) for code, v in judgement.verdicts.items()]
