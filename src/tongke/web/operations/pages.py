"""Reactions that wait or failed, with a way to run them again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel import outbox
from tongke.web.kit.bulk import Bulk
from tongke.web.kit.columns import Ago, Number, State, Text
from tongke.web.kit.filters import ChoiceFilter
from tongke.web.kit.listing import Empty, ListPage

STATES = {"waiting": _("Waiting"), "failed": _("Failed")}


class Reactions(ListPage):
    """Reactions to events that are not done yet. One that fails is tried again by itself, ever more rarely."""

    name = "reactions"
    title = _("Reactions")
    subtitle = _("What rooms still have to do about events. Failed ones are tried again by themselves.")
    permission = "operations.view"
    rows = outbox.open_reactions
    sort = "-created_at"
    columns = (
        Text(key="reaction", label=_("Reaction"), sort="reaction", phone="title"),
        State(key="state", label=_("State"), labels=STATES, tones={"failed": "bad", "waiting": "info"}),
        Number(key="attempts", label=_("Tries")),
        Text(key="error", label=_("Error")),
        Ago(key="created_at", label=_("Since"), sort="created_at"),
    )
    filters = (ChoiceFilter(key="state", label=_("State"), choices=list(STATES.items()), primary=True),)
    bulk = (Bulk(key="retry", label=_("Run again"), verb=outbox.retry_reaction, argument="run_id", icon="refresh",
                 permission="operations.retry", cast=int),)
    empty = Empty(says=_("Every reaction is done"), mend=_("Nothing to do here."), icon="circle-check")
