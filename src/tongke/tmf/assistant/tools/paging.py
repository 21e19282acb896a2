"""What the tools that list rows share: the page that is asked for, and the trace of the look."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from tongke.areas.staff import services as staff
from tongke.areas.staff.states import LookKind
from tongke.tmf.assistant.declaring import Arguments, Asked, PersonalArguments

ROWS_MAX = 50
OFFSET_MAX = 10_000
SERVICE = "service"


class Page(Arguments):
    """Which rows of a list."""

    offset: int = Field(0, ge=0, le=OFFSET_MAX, description="How many rows to skip.")
    limit: int = Field(20, ge=1, le=ROWS_MAX, description="How many rows to return at most.")


class PersonalPage(Page, PersonalArguments):
    """Which rows of a list that may hold personal data."""


def look(customer_id: UUID, tool: str, asked: Asked) -> None:
    """Leave the trace of a look at one customer's data."""
    staff.record_look(
        kind=LookKind.ASSISTANT, customer_id=customer_id, org_id=asked.by.base_org_id, purpose=asked.purpose or SERVICE,
        clear=[kind for kind in asked.by.clear_setting.split(",") if kind], detail={"tool": tool}, by=asked.by, at=asked.at,
    )
