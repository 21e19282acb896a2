"""Refusals of the catalogue room that callers may catch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused


class UnknownOffering(Refused):
    """No offering of this code is on sale at the instant asked for."""

    code = "CAT-10"
    says = _("No offering {offering} is on sale at this time")
    mend = _("Choose an offering from the catalogue, or publish a version of it first")
    status = 404


class NotADraft(Refused):
    """The version has been approved, sold or given up: it stands as it is."""

    code = "CAT-38"
    says = _("{code} version {version} is {state}: what it says stands")
    mend = _("Draft the next version instead")
    status = 409


class DraftExists(Refused):
    """There is a draft of the next version already."""

    code = "CAT-39"
    says = _("{code} version {version} is being designed already ({state})")
    mend = _("Go on with that draft, or discard it first")
    status = 409


class SecondPersonNeeded(Refused):
    """Who worked on a version does not approve it."""

    code = "CAT-40"
    says = _("You worked on this version yourself")
    mend = _("Let a colleague who holds the right approve it")
    status = 409


class BeyondOwnArea(Refused):
    """The entry would belong to an organisation that the actor does not answer for."""

    code = "CAT-41"
    says = _("{org} is outside your area of responsibility")
    mend = _("Choose an organisation of your own area as the owner, or ask the level above")
    status = 403


class ShelfExists(Refused):
    """There is a catalogue or category of this code already."""

    code = "CAT-97"
    says = _("There is something with the code {code} already")
    mend = _("Choose another code, or change what is there")
    status = 409


NOUNS: Mapping[str, Any] = {
    "offerings": _("offering"), "specifications": _("specification"), "price_lists": _("price list"), "promotions": _("promotion"),
    "rules": _("eligibility rule"), "categories": _("category"), "catalogues": _("catalogue"),
}


class UnknownVersion(Refused):
    """No such version of the catalogue; ``noun`` is one of the rooms' words or a name."""

    code = "CAT-42"
    says = _("There is no such {noun} in the catalogue")
    mend = _("Look it up in the catalogue again; it may have been discarded")
    status = 404

    def __init__(self, *, noun: Any, **more: Any) -> None:
        super().__init__(noun=NOUNS.get(str(noun), noun), **more)


class CatalogueFileRefused(Refused):
    """A catalogue file has errors; all of them are in ``problems``, and nothing was changed.

    Each problem is a ``rules.problems.Problem``: line, path, code, message, advice.
    """

    code = "CAT-43"
    says = _("The file has {count} error(s); nothing was changed")
    mend = _("Correct the lines named and import the file again")
    status = 422

    def __init__(self, problems: Sequence[Any]) -> None:
        self.problems = tuple(problems)
        super().__init__(count=len(self.problems))
