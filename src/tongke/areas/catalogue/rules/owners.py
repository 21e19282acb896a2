"""Rules of who owns an entry of a catalogue file. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule


@rule("CAT-09", says=_("The owner {org_id} is outside your area of responsibility"), mend=_("Name an organisation of your own area as org_id, or ask the level above"),
      field="org_id")
def owner_is_own(*, org_id: int, sees: bool) -> bool:
    """A province cannot write what belongs to the group."""
    return sees
