"""Transfer of ownership of a line (过户): checked for both parties at once, effective at one instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Max, Q

from tongke.areas.account import queries as accounts
from tongke.areas.account.queries.accounts import AccountBrief
from tongke.areas.catalogue.queries import rule_book as catalogue
from tongke.areas.catalogue.queries.plans import months_between
from tongke.areas.inventory import events, rules
from tongke.areas.inventory.models import Payer, Product, Subscriber, SubscriberRole
from tongke.areas.inventory.queries.ownership import lines_on_document
from tongke.areas.inventory.services.lines import locked_line
from tongke.areas.party import queries as parties
from tongke.areas.party.queries import CustomerBrief
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import Conflict, NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import Broken, Rule, collect, require
from tongke.kernel.verb import verb


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the transfer as the page shows it: whom it is about and whether it holds."""

    about: str
    rule: Rule
    broken: Broken | None


@dataclass(frozen=True, slots=True)
class ContractNote:
    """A product under contract: what is left of it in months and in monthly fees, should it be settled instead."""

    product_id: UUID
    name_zh: str
    name_en: str
    contract_until: date
    months_left: int
    fees_left: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class TransferCheck:
    """Everything that stands for and against a transfer; ``broken`` is empty where it may go ahead."""

    line: Subscriber
    giver: CustomerBrief
    receiver: CustomerBrief
    account: AccountBrief | None
    checks: tuple[Check, ...]
    contracts: tuple[ContractNote, ...]
    blacklist_effect: str | None

    @property
    def broken(self) -> list[Broken]:
        """The rules that do not hold, in order."""
        return [c.broken for c in self.checks if c.broken is not None]


def check_transfer(
    *, subscriber_id: UUID, to_customer_id: UUID, account_id: UUID | None = None, take_over_contract: bool = False,
    by: Actor, at: datetime,
) -> TransferCheck:
    """Check a transfer without doing it; raises ``NotFound`` where the line or a customer is out of the actor's sight."""
    by.require("inventory.transfer")
    with acting(by):
        line = Subscriber.objects.filter(id=subscriber_id).first()
        if line is None:
            raise NotFound
        return _checked(line, to_customer_id, account_id, take_over=take_over_contract, by=by, at=at)


@verb("inventory.transfer")
def transfer_subscriber(
    *, subscriber_id: UUID, to_customer_id: UUID, account_id: UUID, reason: str, evidence: str, holder_party_id: UUID | None = None,
    take_over_contract: bool = False, version: int | None = None, by: Actor, at: datetime,
) -> None:
    """Give a line to another customer at ``at``: legal owner, holder and payers end and begin there, half-open.

    ``account_id`` (the new owner's) pays everything from then on; ``holder_party_id`` uses the line (default: the
    new owner). ``version`` is that of the line as the user read it. Raises ``Conflict``, ``NotFound`` and
    ``RulesBroken`` with every reason.
    """
    giver_id = Subscriber.objects.filter(id=subscriber_id).values_list("customer_id", flat=True).first()
    if giver_id is None:
        raise NotFound
    # Both customers are held against a merge or an end, in the order of their ids and before the line: as a merge does it.
    for customer_id in sorted({giver_id, to_customer_id}):
        parties.customer_brief(customer_id, lock=True)
    line = locked_line(subscriber_id)
    if line.customer_id != giver_id or (version is not None and line.version != version):
        raise Conflict
    check = _checked(line, to_customer_id, account_id, take_over=take_over_contract, by=by, at=at)
    explained = collect((rules.transfer_is_explained, {"reason": reason, "evidence": evidence}))
    require([*check.broken, *explained])
    _hand_over_roles(line, check.receiver.party_id, holder_party_id or check.receiver.party_id, at=at)
    _hand_over_payers(line, account_id, at=at)
    for product in Product.objects.select_for_update(of=("self",)).filter(subscriber=line, customer_id=line.customer_id).order_by("id"):
        product.customer_id = to_customer_id
        product.changed_at = at
        product.save(update_fields=["customer", "changed_at"])
    from_customer_id = line.customer_id
    line.customer_id = to_customer_id
    line.version += 1
    line.changed_at = at
    line.save(update_fields=["customer", "version", "changed_at"])
    publish(events.LineGiven(
        subject_id=line.id, customer_id=from_customer_id, org_id=line.org_id, to_customer_id=to_customer_id,
        reason=reason.strip(), evidence=evidence.strip(),
    ), by=by, at=at)
    publish(events.LineReceived(
        subject_id=line.id, customer_id=to_customer_id, org_id=line.org_id, from_customer_id=from_customer_id,
        reason=reason.strip(), evidence=evidence.strip(),
    ), by=by, at=at)


def _checked(
    line: Subscriber, to_customer_id: UUID, account_id: UUID | None, *, take_over: bool, by: Actor, at: datetime
) -> TransferCheck:
    giver, receiver = parties.customer_brief(line.customer_id), parties.customer_brief(to_customer_id)
    effect = parties.consult_blacklist(party_id=receiver.party_id, by=by, at=at).effect
    contracts = _contracts(line, on=by.day(at))
    until = max((note.contract_until for note in contracts), default=None)
    account = accounts.account_brief(account_id, on=by.day(at), by=by) if account_id else None
    since = SubscriberRole.objects.filter(subscriber=line).aggregate(last=Max("valid_from"))["last"]
    facts: list[tuple[str, Rule, dict[str, object]]] = [
        ("line", rules.line_is_active, {"state": line.state}),
        ("line", rules.has_another_owner, {"from_customer": line.customer_id, "to_customer": to_customer_id}),
        ("line", rules.receiver_is_of_the_network, {"line_org": line.org_id, "receiver_org": receiver.org_id}),
        ("giver", rules.giver_is_verified, {"giver_state": giver.party_state}),
        *(("giver", rules.account_owes_nothing, {"account_no": a.account_no, "owed": a.owed, "currency": a.currency})
          for a in _paying(line, by=by, at=at)),
        ("giver", rules.contract_is_free_or_taken_over, {"contract_until": until, "taken_over": take_over}),
        ("receiver", rules.receiver_is_in_force, {"receiver_customer_state": receiver.state}),
        ("receiver", rules.receiver_is_verified, {"receiver_state": receiver.party_state}),
        ("receiver", rules.receiver_is_not_refused, {"effect": effect}),
        ("receiver", rules.receiver_has_lines_left, {
            "count": lines_on_document(receiver.party_id, but_not=line.id).get(line.kind, 0),
            "most": catalogue.lines_per_document(line.kind, line.org_id, at=at),
        }),
    ]
    if since is not None:
        facts.append(("line", rules.transfer_is_after_the_last, {"since": since, "at": at}))
    if account is not None:
        facts.append(("receiver", rules.account_is_the_receivers, {
            "account_no": account.account_no, "owner": account.customer_id, "to_customer": to_customer_id, "account_state": account.state,
        }))
    checks = tuple(Check(about, rule, next(iter(collect((rule, values))), None)) for about, rule, values in facts)
    return TransferCheck(line, giver, receiver, account, checks, contracts, effect)


def _paying(line: Subscriber, *, by: Actor, at: datetime) -> list[AccountBrief]:
    """The giver's own accounts that pay the line; a third party's debts are not the line's."""
    ids = Payer.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=at), subscriber=line, account__customer_id=line.customer_id,
    ).order_by("account_id").values_list("account_id", flat=True).distinct()
    return [accounts.account_brief(account_id, on=by.day(at), by=by) for account_id in ids]


def _contracts(line: Subscriber, *, on: date) -> tuple[ContractNote, ...]:
    rows = Product.objects.filter(subscriber=line, contract_until__gt=on, ended_on=None).select_related("offering").order_by("contract_until", "id")
    out = []
    for product in rows:
        assert product.contract_until is not None  # noqa: S101 - filtered above
        months = months_between(on, product.contract_until)
        out.append(ContractNote(
            product.id, product.offering.name_zh, product.offering.name_en, product.contract_until, months,
            months * product.monthly_fee, product.currency,
        ))
    return tuple(out)


def _hand_over_roles(line: Subscriber, owner_id: UUID, holder_id: UUID, *, at: datetime) -> None:
    running = Q(valid_until=None) | Q(valid_until__gt=at)
    SubscriberRole.objects.filter(running, subscriber=line).update(valid_until=at)
    SubscriberRole.objects.bulk_create([
        SubscriberRole(org_id=line.org_id, subscriber=line, party_id=owner_id, role="legal_owner", valid_from=at),
        SubscriberRole(org_id=line.org_id, subscriber=line, party_id=holder_id, role="holder", valid_from=at),
    ])


def _hand_over_payers(line: Subscriber, account_id: UUID, *, at: datetime) -> None:
    """Every payer ends, third parties' too: what a company paid for its member it does not pay for a stranger."""
    Payer.objects.filter(Q(valid_until=None) | Q(valid_until__gt=at), subscriber=line).update(valid_until=at)
    Payer.objects.create(org_id=line.org_id, subscriber=line, account_id=account_id, valid_from=at)
