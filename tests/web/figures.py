"""The figures of a board, each held against the rows that its link leads to."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client

LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
NUMBER = re.compile(r"\d[\d,]*")
ROWS = re.compile(r'class="tk-foot-count">[^<]* of ([\d,]+)<')


def linked(page: str, *, to: str) -> dict[str, int]:
    """Return by address what the links whose address begins with ``to`` count: the first number in their words."""
    found = {}
    for address, inside in LINK.findall(page):
        said = NUMBER.search(TAG.sub(" ", inside))
        if address.startswith(to) and said:
            found[unescape(address)] = int(said[0].replace(",", ""))
    return found


def rows_behind(client: Client, addresses: dict[str, int]) -> dict[str, int]:
    """Return by address how many rows the English list there has."""
    out = {}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        found = ROWS.search(answer.content.decode())
        out[address] = int(found[1].replace(",", "")) if found else 0
    return out
