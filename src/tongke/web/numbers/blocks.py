"""Blocks and their ranges: what the operator owns, who has which part, and which pool it feeds; drawn as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.states import BlockSource, NumberKind
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.kit import (
    Button,
    ChoiceFilter,
    Day,
    DayField,
    Empty,
    FormPage,
    Link,
    ListPage,
    Number,
    Page,
    State,
    Tags,
    Text,
    TextFilter,
    formatting,
    go,
    toast,
)
from tongke.web.numbers.board import BAR
from tongke.web.numbers.days import start_of
from tongke.web.numbers.navigation import RUN, SEE
from tongke.web.numbers.pools import RangeForm
from tongke.web.numbers.words import org_choices, pool_address, range_words

Data = dict[str, Any]
COLOURS = 8
LEAST = 4


class WordFilter(TextFilter):
    """Any part of a code, a document or a donor; blocks are few."""

    def narrow(self, value: Any) -> Q:
        """Return the condition; digits find the block that has the number."""
        digits = "".join(c for c in value if c.isdigit())
        found = Q(code__icontains=value) | Q(document__icontains=value) | Q(donor__icontains=value)
        if len(digits) >= 7:
            number = int(digits if digits.startswith("86") else f"86{digits.lstrip('0')}")
            found |= Q(first__lte=number, last__gte=number)
        return found


def source_words(block: Any) -> list[tuple[Any, str]]:
    """Return where a block comes from: the regulator, or the operator whose it is."""
    return [(block.donor or BlockSource.DONOR.label, "warn")] if block.source == BlockSource.DONOR else [(_now("Regulator"), "neutral")]


class Blocks(ListPage):
    """Every block of the operator."""

    name, title, permission = "number-blocks", _("Blocks of numbers"), SEE
    subtitle = _("What the regulator gave, and other operators' blocks for numbers that were ported in")
    rows = queries.blocks_visible_to
    columns = (
        Link(key="code", label=_("Block"), to=lambda b: reverse("number-block", args=[b.id]), sort="code", css="tk-num"),
        Text(key="numbers", label=_("Which numbers"), value=lambda b: range_words(b.first, b.last), css="tk-num"),
        Number(key="size", label=_("How many"), value=lambda b: b.last - b.first + 1),
        State(key="kind", label=_("Kind"), labels=NumberKind), Tags(key="source", label=_("Comes from"), value=source_words), Text(key="org", label=_("Belongs to"), value=lambda b: staff.org_name(b.org_id)),
        Text(key="document", label=_("Regulator's paper"), hidden=True), Day(key="valid_from", label=_("In force from"), sort="valid_from"), Day(key="valid_until", label=_("Until")),
    )
    filters = (WordFilter(key="q", label=_("Code or number"), primary=True), ChoiceFilter(key="kind", label=_("Kind"), choices=NumberKind.choices, primary=True),
               ChoiceFilter(key="source", label=_("Comes from"), choices=BlockSource.choices))
    sort = "code"
    empty = Empty(says=_("No block yet"), mend=_("Everything begins with a block that the regulator gave"), action=_("Record a block"), address="/numbers/blocks/new",
                  permission=RUN, icon="stack-2")
    buttons = (Button(label=_("Record a block"), address="/numbers/blocks/new", permission=RUN),)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: its place, a colour's number (0: nobody's), words, and where it leads."""

    left: int
    width: int
    colour: int
    words: str
    address: str


def pieces_of(first: int, last: int, parts: Sequence[tuple[int, int, int, str, str]]) -> list[Piece]:
    """Lay parts (first, last, colour, words, address) out on a bar of ``BAR``; the smallest can still be seen."""
    whole, out, edge = last - first + 1, [], 0
    for begin, end, colour, words, address in sorted(parts):
        left = max(edge, round((begin - first) / whole * BAR))
        width = max(LEAST, round((end - begin + 1) / whole * BAR))
        left = min(left, BAR - LEAST)
        width = min(width, BAR - left)
        out.append(Piece(left, width, colour, words, address))
        edge = left + width
    return out


@dataclass(frozen=True, slots=True)
class Given:
    """A range of a block as its page shows it."""

    row: Any
    org: str
    words: str
    size: int
    depth: int
    pieces: list[Piece]
    fed: int
    may_run: bool


def given_of(block: Any, *, by: Actor) -> tuple[list[Given], list[tuple[str, int, str]]]:
    """Return the block's ranges with the pools that they feed, and the pools' legend (words, colour, address)."""
    ranges = queries.ranges_of_block(block.id, by=by)
    fed = queries.allotments_of_block(block.id, by=by)
    colours: dict[Any, int] = {}
    for one in fed:
        colours.setdefault(one.pool_id, len(colours) % COLOURS + 1)
    out, top = [], min((r.level for r in ranges), default=1)
    for own in _in_tree(ranges):
        below = [a for a in fed if a.range_id == own.id]
        parts = [(a.first, a.last, colours[a.pool_id], f"{formatting.name(a.pool)}: {range_words(a.first, a.last)}", pool_address(a.pool_id)) for a in below]
        children = [(r.first, r.last, 0, f"{staff.org_name(r.org_id)}: {range_words(r.first, r.last)}", f"#range-{r.id}") for r in ranges if r.parent_id == own.id]
        out.append(Given(own, staff.org_name(own.org_id), range_words(own.first, own.last), own.last - own.first + 1, own.level - top + 1, pieces_of(own.first, own.last, parts or children),
                         sum(a.last - a.first + 1 for a in below), by.may(RUN) and by.sees(own.org_id)))
    legend = [(formatting.name(a.pool), colours[a.pool_id], pool_address(a.pool_id)) for a in {a.pool_id: a for a in fed}.values()]
    return out, legend


def _in_tree(ranges: list[Any]) -> list[Any]:
    """Return ranges from above to below, each followed by what was given on out of it."""
    known = {r.id for r in ranges}
    out: list[Any] = []

    def add(own: Any) -> None:
        out.append(own)
        for child in ranges:
            if child.parent_id == own.id:
                add(child)

    for own in ranges:
        if own.parent_id not in known:
            add(own)
    return out


class BlockPage(Page):
    """One block."""

    permission, template = SEE, "numbers/block.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return who has what of it."""
        del request
        block = queries.block_seen(kwargs["block_id"], by=self.actor)
        given, legend = given_of(block, by=self.actor)
        parts = [(g.row.first, g.row.last, n % COLOURS + 1, f"{g.org}: {g.words}", f"#range-{g.row.id}") for n, g in enumerate(g for g in given if g.depth == 1)]
        size = block.last - block.first + 1
        return {
            "title": block.code, "block": block, "words": range_words(block.first, block.last), "size": size, "given": given, "legend": legend, "bar": BAR,
            "whole": pieces_of(block.first, block.last, parts), "given_count": sum(g.size for g in given if g.depth == 1), "open": block.valid_until is None,
            "state": (NumberKind(block.kind).label, "info"), "may_run": self.actor.may(RUN), "may_end": self.actor.may(RUN) and self.actor.sees(block.org_id),
            "facts": [(_("Comes from"), BlockSource(block.source).label), (_("Other operator"), block.donor), (_("Regulator's paper"), block.document),
                      (_("Belongs to"), staff.org_name(block.org_id)), (_("In force from"), formatting.day(block.valid_from)), (_("Ended"), formatting.day(block.valid_until))],
            "crumbs": [(_("Blocks of numbers"), reverse("number-blocks"))],
        }


class BlockForm(RangeForm):
    """A block."""

    sections = ((_("Block"), ("code", "kind", "first", "last", "org_id")), (_("Where it comes from"), ("source", "donor", "document")), (_("When"), ("valid_from", "valid_until")))
    code = forms.CharField(label=_("Code"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=NumberKind.choices)
    org_id = forms.TypedChoiceField(label=_("Organisation"), coerce=int)
    source = forms.ChoiceField(label=_("Comes from"), choices=BlockSource.choices)
    donor = forms.CharField(label=_("Other operator"), max_length=60, required=False, help_text=_("Only for another operator's block"))
    document = forms.CharField(label=_("Regulator's paper"), max_length=120, required=False, help_text=_("The regulator's paper that gave it"))
    valid_from = DayField(label=_("In force from"), required=False, help_text=_("Empty: from now on"))
    valid_until = DayField(label=_("Until (that day no longer)"), required=False)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_id"].choices = org_choices(by)  # type: ignore[attr-defined]  # a choice field


class NewBlock(FormPage):
    """Record a block; what it would overlap is told with its ends."""

    name, title, permission, form, template = "number-block-new", _("Record a block"), RUN, BlockForm, "numbers/plain_form.html"
    submit, done = _("Record the block"), _("The block is recorded; give ranges of it")
    fields = {"name_zh": "code"}

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Lead back."""
        del request, kwargs
        return {"crumbs": [(_("Blocks of numbers"), reverse("number-blocks"))]}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the organisations in sight."""
        del kwargs
        return {"by": self.actor}

    def initial(self, **kwargs: Any) -> Data:
        """Open with the actor's own organisation."""
        del kwargs
        return {"org_id": self.actor.base_org_id}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the list."""
        del kwargs
        return reverse("number-blocks")

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Record it."""
        del kwargs
        data = {**data, "valid_from": start_of(data["valid_from"]), "valid_until": start_of(data["valid_until"])}
        return reverse("number-block", args=[services.record_block(**data, by=by, at=at)])


class GiveForm(RangeForm):
    """A range and who gets it."""

    org_id = forms.TypedChoiceField(label=_("Given to"), coerce=int, help_text=_("Stands below the one that has the numbers now"))
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org_id"].choices = org_choices(by)  # type: ignore[attr-defined]  # a choice field


class GiveRange(FormPage):
    """Give numbers down the operator's tree."""

    name, title, permission, form, template = "number-give", _("Give a range"), RUN, GiveForm, "numbers/plain_form.html"
    submit, done = _("Give"), _("The range is given")

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the block."""
        del request
        block = queries.block_seen(kwargs["block_id"], by=self.actor)
        return {"crumbs": [(_("Blocks of numbers"), reverse("number-blocks")), (block.code, reverse("number-block", args=[block.id]))],
                "intro": _now("Out of %(range)s: group to province, province to local network") % {"range": range_words(block.first, block.last)}}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the organisations in sight."""
        del kwargs
        return {"by": self.actor}

    def initial(self, **kwargs: Any) -> Data:
        """Open with what the address says."""
        del kwargs
        return {"first": self.request.GET.get("first", ""), "last": self.request.GET.get("last", "")}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the block."""
        return reverse("number-block", args=[kwargs["block_id"]])

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Give it."""
        services.give_range(**data, by=by, at=at)
        return self.cancel_address(**kwargs)


class BlockEnd(Page):
    """Give a block back to where it came from."""

    permission = RUN

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """End it; refused while any of its numbers is in use."""
        services.end_block(block_id=kwargs["block_id"], reason=request.POST.get("reason", "").strip(), by=self.actor, at=clock.now())
        toast(request, _("The block has ended"))
        return go(request, reverse("number-block", args=[kwargs["block_id"]]))


class RangeBack(Page):
    """Take a range back from an organisation."""

    permission = RUN

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Take it; refused while any of it is in use or was given on."""
        own = queries.range_seen(kwargs["range_id"], by=self.actor)
        services.take_range_back(range_id=own.id, reason=request.POST.get("reason", "").strip(), by=self.actor, at=clock.now())
        toast(request, _("The range was taken back"))
        return go(request, reverse("number-block", args=[own.block_id]))
