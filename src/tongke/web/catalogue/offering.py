"""One version of an offering: everything that it says, where it is used, how many hold it, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries import board, contents
from tongke.areas.catalogue.states import DRAFTS, LifeCycle, OfferingKind
from tongke.areas.inventory.queries import installed
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.catalogue import moving, reading
from tongke.web.catalogue.parts_of_draft import SECTIONS, section_address, section_of_field
from tongke.web.catalogue.tree import SHOWN_MAX
from tongke.web.catalogue.words import CHANNELS, KIND_ICONS, SEGMENTS, STATE_TONES, shown_state
from tongke.web.kit import Page, formatting, go, toast
from tongke.web.kit.chart import Chart, Series

Data = dict[str, Any]
NOUN = "offerings"
USUAL_LIFE = (LifeCycle.IN_STUDY, LifeCycle.IN_DESIGN, LifeCycle.IN_TEST, LifeCycle.ACTIVE, LifeCycle.LAUNCHED, LifeCycle.RETIRED, LifeCycle.OBSOLETE)


def said(version_id: UUID, *, noun: str = NOUN) -> contents.Standing:
    """Return a version with what it says; raises ``NotFound``."""
    found = contents.version_said(noun, version_id)
    if found is None:
        raise NotFound
    return found


def is_draft(version: Any) -> bool:
    """Tell whether a version may still be edited."""
    return version.state in DRAFTS


def life_steps(state: str) -> list[tuple[Any, str]]:
    """Return the usual life as steps up to where the version stands and beyond."""
    if state == LifeCycle.REJECTED:
        return [(LifeCycle.IN_DESIGN.label, "done"), (LifeCycle.REJECTED.label, "now")]
    at = USUAL_LIFE.index(LifeCycle(state))
    return [(one.label, "done" if n < at else "now" if n == at else "next") for n, one in enumerate(USUAL_LIFE) if n > 0 or at == 0]


def part_names(content: Any) -> dict[str, str]:
    """Return the names of a bundle's parts by code, in the reader's language."""
    found = board.names_of([part.part_code for part in content.parts])
    return {code: formatting.name(names) for code, names in found.items()}


def specification_address(code: str) -> str:
    """Return the page of the specification that a code stands for."""
    return reverse("catalogue-specification-code", args=[code])


def standing_specifications() -> Mapping[str, Any]:
    """Return what every specification's code stands for in design."""
    return {code: found.content for code, found in contents.newest("specifications").items()}


def sale_facts(version: contents.Standing, people: Mapping[str, str]) -> list[tuple[Any, Any]]:
    """Return to whom, where and by which channel a version is sold."""
    content = version.content
    orgs = {org_id: staff.org_name(org_id) for org_id in content.sold_in}
    return [
        (_("Segments"), reading.sold_words(content.segments, dict(SEGMENTS))), (_("Channels"), reading.sold_words(content.channels, dict(CHANNELS))),
        (_("Sold in"), formatting.listed(orgs.values()) or _now("wherever the owner reaches")),
        (_("Categories"), formatting.listed(formatting.name(c) for c in board.categories_of(version.code)) or formatting.NOTHING),
        (_("Sold by itself"), _now("yes") if content.sellable else _now("no: as a part only")),
        (_("Belongs to"), staff.org_name(content.org_id)),
        (_("On sale from"), formatting.moment(version.valid_from) if version.state not in DRAFTS else formatting.NOTHING),
        (_("On sale until"), formatting.moment(version.valid_until)), (_("Begun by"), people[version.created_by]),
        (_("Last changed"), formatting.moment(version.changed_at)),
    ]


def installed_chart(versions: Sequence[Any], counts: Mapping[UUID, int]) -> Chart:
    """Draw how many products are installed of each version; a bar leads to them."""
    code = versions[0].code
    rising = sorted(versions, key=lambda v: v.version)
    return Chart(
        kind="bar", categories=[f"v{v.version}" for v in rising], series=[Series(_now("Installed"), [counts.get(v.id, 0) for v in rising])],
        links=[f"{reverse('catalogue-installed', args=[code])}?version={v.version}" for v in rising], label=_("Version"), height="low",
        mend=_("Products appear here once they are installed"),
    )


def mending(version: contents.Standing, name: str, by: Actor) -> tuple[str, Any]:
    """Return where a broken rule's field is mended and what that place is called; nowhere for who may not edit."""
    key = section_of_field(name)
    words = next((words for one, words, _sign, _only in SECTIONS if one == key), "")
    return (section_address(version.id, key), words) if may_edit(version, by) else ("", "")


class OfferingByCode(Page):
    """Leads from a code to the version that it stands for."""

    permission = "catalogue.view"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Go there; raises ``NotFound``."""
        found = board.offerings_board(self.actor).filter(code=kwargs["code"]).first()
        if found is None:
            raise NotFound
        return go(request, reverse("catalogue-offering", args=[found.id]))


class OfferingPage(Page):
    """A version of an offering."""

    permission, template = "catalogue.view", "catalogue/offering.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return everything that the version says."""
        del request
        self.at = clock.now()
        version = said(kwargs["offering_id"])
        content = version.content
        versions = board.versions_of(version.code, by=self.actor)
        specifications = standing_specifications()
        specification = specifications.get(content.specification or "")
        lived = board.life_of(version.id)
        people = staff.names_signed([version.created_by, *(v.created_by for v in versions), *(move.actor for move in lived)])
        return {
            "title": formatting.name(content), "version": version, "content": content, "sign": KIND_ICONS.get(content.kind, "package"),
            "state": shown_state(version, self.at), "kind": OfferingKind(content.kind).label,
            "steps": life_steps(version.state), "prices": reading.price_lines(content, part_names(content)), "allowances": reading.allowance_lines(content),
            "terms": [(formatting.name(t), t, reading.penalty_words(t)) for t in content.terms], "parts": reading.part_lines(content, part_names(content)),
            "specification": specification, "characteristics": reading.characteristic_lines(content, specification),
            "drawing": reading.decomposition(content.specification, specifications, specification_address) if specification is not None else None,
            "facts": sale_facts(version, people), "people": people, "versions": versions, "used": board.used_in(version.code), "life": lived,
            "life_states": dict(LifeCycle.choices), "tones": STATE_TONES, "draft": is_draft(version), **self.holders(versions),
            **self.deeds(version, versions),
        }

    def holders(self, versions: Sequence[Any]) -> Data:
        """Return how many hold each version, for who may see products."""
        if not self.actor.may("inventory.view"):
            return {"chart": None, "held": {}, "held_total": 0}
        counts = installed.installed_counts([v.id for v in versions], by=self.actor)
        return {"chart": installed_chart(versions, counts), "held": counts, "held_total": formatting.bounded(sum(counts.values()), SHOWN_MAX)}

    def deeds(self, version: contents.Standing, versions: Sequence[Any]) -> Data:
        """Return what may be done with the version: moves, editing, the next version, comparison."""
        other = next((v for v in versions if v.version < version.version), None)
        may_design = self.actor.may("catalogue.design") and self.actor.sees(version.content.org_id)
        return {
            "moves": moving.offered(version, by=self.actor, at=self.at), "waiting": moving.request_waiting(version, by=self.actor, at=self.at),
            "missing": moving.missing(version, lambda name: mending(version, name, self.actor)) if is_draft(version) else [],
            "may_edit": may_design and is_draft(version), "may_begin": may_design and not any(v.state in (*DRAFTS, LifeCycle.ACTIVE) for v in versions),
            "compared": reverse("catalogue-compare", args=[other.id, version.id]) if other is not None else "",
        }


def may_edit(version: contents.Standing, by: Actor) -> bool:
    """Tell whether the actor may edit this version now."""
    return is_draft(version) and by.may("catalogue.design") and by.sees(version.content.org_id)


class WhileDraft:
    """A page of a draft: once the version stands, its address leads to the version itself (from a bookmark, another window, a message)."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the page, or lead on."""
        version = said(kwargs["offering_id"])
        if is_draft(version):
            return super().get(request, **kwargs)  # type: ignore[misc, no-any-return]  # the page that it is mixed into
        toast(request, _("This version is no draft any more: what it says stands"))
        return go(request, reverse("catalogue-offering", args=[version.id]))
