"""Made-up contents, files and people for the tests of the catalogue's core."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from tests.factories import staff as people
from tongke.areas.catalogue import services
from tongke.kernel.actor import Actor

SMALL = (Path(__file__).parent / "files" / "small.yaml").read_text()
DESIGNING = ("catalogue.view", "catalogue.design", "catalogue.publish", "catalogue.rules", "catalogue.promote", "staff.own")


def designer(org_id: int = 1, *more: str) -> Actor:
    """A person who designs and publishes at a level of the operator."""
    people.role("test_designer", *DESIGNING, *more)
    return people.actor_at(org_id, "test_designer")


def head(org_id: int = 1) -> Actor:
    """A person who approves at a level of the operator."""
    people.role("test_head", *DESIGNING, "catalogue.approve")
    return people.actor_at(org_id, "test_head")


def price(amount: str = "59", **more: Any) -> dict[str, Any]:
    """A monthly price."""
    return {"code": "monthly", "kind": "recurring", "name_zh": "月费", "name_en": "Monthly fee", "amount": amount, "period": "month", **more}


def plan(**more: Any) -> dict[str, Any]:
    """What an offering says."""
    return {"kind": "mobile", "name_zh": "畅享", "name_en": "Enjoy", "prices": [price()], **more}


def specification(**more: Any) -> dict[str, Any]:
    """What a product's specification says."""
    return {"level": "product", "kind": "mobile", "name_zh": "移动", "name_en": "Mobile", **more}


def launched(noun: str, code: str, content: dict[str, Any] | None, *, by: Actor, second: Actor, at: Any, **more: Any) -> UUID:
    """A version that went the whole way."""
    made = services.draft_version(noun=noun, code=code, content=content, by=by, at=at)
    services.test_version(noun=noun, version_id=made, by=by, at=at)
    services.approve_version(noun=noun, version_id=made, by=second, at=at)
    services.launch_version(noun=noun, version_id=made, by=by, at=at, **more)
    return made
