"""Merges that were made, where each value came from, and separating again."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from tongke.areas.party.queries import matching as queries
from tongke.areas.party.queries import trees
from tongke.areas.party.services.merging import Undecided, separate_parties
from tongke.kernel import clock
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound, Refused
from tongke.kernel.reversal import Clash
from tongke.web.kit.columns import Ago, Link, Masked, State, Text
from tongke.web.kit.layout import toast
from tongke.web.kit.listing import Empty, ListPage
from tongke.web.kit.page import Page, go, render
from tongke.web.kit.refusals import lines_of
from tongke.web.matching.comparing import FIELDS

# What the rows that a merge changed are called.
TABLES: dict[str, Any] = {
    "party_identity_document": _("Identity documents"), "party_contact_medium": _("Contact media"), "party_postal_address": _("Postal addresses"),
    "party_consent": _("Consents"), "party_blacklist_entry": _("Blacklist entries"), "party_relation": _("Memberships"),
    "party_credit_rating": _("Credit ratings"), "party_name_change": _("Former names"), "account_billing_account": _("Accounts"),
    "inventory_subscriber": _("Telephone and other lines"), "inventory_product": _("Products"), "inventory_subscriber_role": _("Owners and holders of lines"),
    "contact_centre_interaction": _("Contacts"), "party_source_key": _("Keys of other systems"), "party_party": _("Persons and organisations"),
    "party_customer": _("Customers"),
}
STATES = {"yes": _("In force"), "no": _("Separated")}


def merges_in_sight(actor: Actor) -> Any:
    """The merges within the actor's scope."""
    return queries.merges_visible_to(by=actor)


class Merges(ListPage):
    """Merges, newest first."""

    name, title, permission = "merges", _("Merges"), "party.merge"
    subtitle = _("Each merge can be taken back: every value stands again as it was.")
    rows = merges_in_sight
    sort = "-merged_at"
    columns = (
        Link(key="reason", label=_("Reason"), to=lambda row: f"/merges/{row.id}", phone="title"),
        State(key="in_force", label=_("State"), labels=STATES, tones={"yes": "good", "no": "off"}),
        Masked(key="merged_by", label=_("By")),
        Ago(key="merged_at", label=_("When"), sort="merged_at"),
        Text(key="undo_reason", label=_("Why separated")),
    )
    empty = Empty(says=_("Nothing was merged yet"), mend=_("Pairs that may be one customer are under Duplicates."), action=_("Duplicates"),
                  address="/duplicates", icon="git-merge")


class MergePage(Page):
    """One merge: what was taken from where, what moved, what stands against separating."""

    permission = "party.merge"
    template = "matching/merge.html"
    title = _("Merge")

    def _show(
        self, merge_id: UUID, *, lines: list[dict[str, str]] | None = None, undecided: tuple[Clash, ...] = (), status: int = 200
    ) -> HttpResponse:
        with acting(self.actor):
            merge = queries.merge_record(merge_id)
            if merge is None:
                raise NotFound
            names = trees.masked_names({merge.survivor_id, merge.absorbed_id})
            in_force = merge.undone_at is None
            # What stands in rows of another network is known to the verb only: it names them when they must be decided.
            clashes = list(dict.fromkeys([*(queries.merge_clashes(merge_id) if in_force else []), *undecided]))
            customer_id = queries.customer_of_party(queries.surviving_party(merge.survivor_id))
            context = {
                "title": self.title, "merge": merge, "in_force": in_force, "customer_id": customer_id, "lines": lines or [],
                "survivor_name": names.get(merge.survivor_id, "–"), "absorbed_name": names.get(merge.absorbed_id, "–"),
                "sources": queries.merge_sources(merge), "later": queries.merges_on_top(merge_id) if in_force else [],
                "moved": [(TABLES[t], n) for t, n in queries.moved_counts(merge).items() if t in TABLES],
                "clashes": [{"clash": c, "table": TABLES.get(c.table, c.table), "field": FIELDS.get(c.column, c.column),
                             "values": _values(c, self.actor)} for c in clashes],
                "chosen": [(FIELDS[f], pick["side"]) for f, pick in merge.chosen.items() if f in FIELDS and pick["differed"]],
                "decided": {k.removeprefix("clash_"): v for k, v in self.request.POST.items() if k.startswith("clash_")},
                "reason": self.request.POST.get("reason", ""),
            }
        return render(self.request, self.template, context, status=status)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the merge."""
        del request
        return self._show(kwargs["merge_id"])

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Separate; what was changed since must be decided first."""
        decisions = {k.removeprefix("clash_"): v for k, v in request.POST.items() if k.startswith("clash_")}
        try:
            separate_parties(
                merge_id=kwargs["merge_id"], reason=request.POST.get("reason", ""),
                kept=[k for k, v in decisions.items() if v == "keep"], decided=[k for k, v in decisions.items() if v == "restore"],
                by=self.actor, at=clock.now(),
            )
        except Undecided as fault:
            return self._show(kwargs["merge_id"], lines=lines_of(fault), undecided=fault.clashes, status=422)
        except NotFound:
            raise
        except Refused as fault:
            return self._show(kwargs["merge_id"], lines=lines_of(fault), status=422)
        toast(request, _("Separated: every value stands again as it was"))
        return go(request, f"/merges/{kwargs['merge_id']}")


# Personal data of a clash is shown only to whom that kind of data is shown clear.
_SIGHT = {"name": "name", "name_key": "name", "pinyin_full": "name", "pinyin_initials": "name", "birth_on": "birth", "value": "phone", "full": "address"}


def _values(clash: Clash, actor: Actor) -> list[str]:
    """Before, merged and present value in words; hidden where the actor may not read them clear."""
    kind = _SIGHT.get(clash.column)
    if kind is not None and not actor.may(f"party.see_{kind}"):
        return ["****"] * 3
    return [_word(text) for text in (clash.before, clash.after, clash.now)]


def _word(text: str) -> str:
    value = json.loads(text)
    return "–" if value in (None, "") else str(value)
