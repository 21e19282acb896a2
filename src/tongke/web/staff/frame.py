"""What the staff pages share: the request's instant beside its actor."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from tongke.web.kit.page import Page


class Door(Page):
    """A page of the staff room; ``at`` is the instant of the request."""

    permission: ClassVar[str | tuple[str, ...]] = "staff.own"

    @property
    def at(self) -> datetime:
        """When the request came."""
        found: datetime = self.request.at  # type: ignore[attr-defined]  # set by ActorMiddleware
        return found


class Deed(Door):
    """Something done by a button: there is no page to show."""

    http_method_names: ClassVar[list[str]] = ["post"]  # type: ignore[misc]  # the base has it on the instance
