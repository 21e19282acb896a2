"""How tests of an Open API call it: documents in, documents out."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
from django.test import Client

from tests.factories import clients
from tongke.tmf.kit.registry import all_apis

JSON = "application/json"
MERGE = "application/merge-patch+json"
PATCH = "application/json-patch+json"
MARKS = "=&.,;<>!*'\"+-:%()"
NOWHERE = "00000000-0000-7000-8000-000000000000"


class Caller:
    """A machine client that speaks to one resource."""

    def __init__(self, resource: str, *roles: str, org_id: int = 1, number: str = "", **more: Any) -> None:
        more.setdefault("per_minute", 100_000)
        self.client: Client = clients.caller(clients.token(*roles, org_id=org_id, **more))
        self.api = next(a for a in all_apis() if any(r.name == resource for r in a.resources) and number in {"", a.number})
        self.root = f"/{self.api.root}/{resource}"

    def post(self, body: Any, **headers: str) -> Any:
        """Send a new document."""
        return self.client.post(self.root, orjson.dumps(body), content_type=JSON, headers=headers)

    def made(self, body: Any, **headers: str) -> dict[str, Any]:
        """Send a new document, see it taken, and return it."""
        answer = self.post(body, **headers)
        assert answer.status_code == 201, answer.content.decode()
        return dict(answer.json())

    def get(self, ident: Any, query: str = "", **headers: str) -> Any:
        """Read one document."""
        return self.client.get(f"{self.root}/{ident}{query}", headers=headers)

    def listing(self, query: str = "") -> Any:
        """Read a list."""
        return self.client.get(f"{self.root}?{quote(query, safe=MARKS)}")

    def found(self, query: str) -> list[str]:
        """Read a list and return the ids in it."""
        answer = self.listing(query)
        assert answer.status_code in {200, 206}, answer.content.decode()
        return [document["id"] for document in answer.json()]

    def patch(self, ident: Any, body: Any, kind: str = MERGE, **headers: str) -> Any:
        """Change a document."""
        return self.client.patch(f"{self.root}/{ident}", orjson.dumps(body), content_type=kind, headers=headers)

    def patched(self, ident: Any, body: Any, kind: str = MERGE, **headers: str) -> dict[str, Any]:
        """Change a document, see it taken, and return it."""
        answer = self.patch(ident, body, kind, **headers)
        assert answer.status_code == 200, answer.content.decode()
        return dict(answer.json())

    def delete(self, ident: Any, **headers: str) -> Any:
        """Take a document away."""
        return self.client.delete(f"{self.root}/{ident}", headers=headers)


def refused(answer: Any, status: int, *words: str) -> dict[str, Any]:
    """See a refusal in the official form that names these words, and return it."""
    assert answer.status_code == status, answer.content.decode()
    said = dict(answer.json())
    assert (said["@type"], said["status"]) == ("Error", str(status))
    text = answer.content.decode()
    assert all(word in text for word in words), text
    return said
