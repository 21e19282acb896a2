"""The web server's front: health, security headers, static files."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from email.message import Message

import pytest

from tests.plugins.site import Site


def fetch(url: str) -> tuple[int, Message, bytes]:
    """Return status, headers and body of ``url``."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as fault:
        return fault.code, fault.headers, fault.read()


@pytest.mark.fault
def test_the_front_answers_and_protects(site: Site) -> None:
    """/healthz tells its parts; every answer carries the policy; hashed files may be kept for ever."""
    status, headers, body = fetch(f"{site.url}/healthz")
    assert status == 200, site.log.read_text()
    found = json.loads(body)
    assert status == 200
    assert found["database"]["ok"]
    assert found["migrations"] == {"ok": True, "pending": 0}
    assert found["status"] == "degraded"
    assert not found["worker"]["ok"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    status, headers, _body = fetch(f"{site.url}/no/such/page")
    assert status == 404
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    status, headers, body = fetch(f"{site.url}/static/dist/manifest.json")
    assert status == 200
    bundle = json.loads(body)["main.css"]
    status, headers, _body = fetch(f"{site.url}/static/dist/{bundle}")
    assert status == 200
    assert "immutable" in headers["Cache-Control"]
