"""Rules of what is changed in place. Pure."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule


@rule("CAT-07", says=_("The rate of {category} since {since} has begun"), mend=_("Add a rate from a later instant on; bills were made by what held"), field="rates")
def rate_has_not_begun(*, since: datetime, at: datetime, known: bool) -> bool:
    """Rates that have begun are never changed; a new category may say when its rates began."""
    return not known or since >= at


@rule("CAT-08", says=_("There is still something in {category}: {inside}"), mend=_("Move it elsewhere first"))
def holds_nothing(*, inside: object, **_words: object) -> bool:
    """Only an empty branch is taken away."""
    return not inside
