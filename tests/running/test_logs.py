"""Planted personal data reaches no log line, whichever way it comes."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from tongke.config.logs import JsonFormatter, without_personal_data

PLANTED = ("13812345678", "+86 138 1234 5678", "11010519491231002X", "li.min@example.com", "张三丰", "0571-87654321")


def written(message: str, *values: object, fault: bool = False) -> str:
    """Return the line that a record becomes."""
    record = logging.LogRecord("tongke.test", logging.ERROR, __file__, 1, message, values, sys.exc_info() if fault else None)
    return JsonFormatter().format(record)


@pytest.mark.parametrize("value", PLANTED)
@pytest.mark.parametrize("message", ["Not Found: /customers/%s", "GET /search?q=%s HTTP/1.1", "Key (value)=(%s) already exists.", "said %s"])
def test_no_message_carries_it(message: str, value: str) -> None:
    """Addresses, query strings, the database's own details and plain words are struck."""
    line = written(message, value)
    assert value not in json.loads(line)["message"]
    assert value not in line


@pytest.mark.parametrize("value", PLANTED)
def test_no_fault_carries_it(value: str) -> None:
    """Of a fault its type and place are kept, never its words."""
    try:
        raise ValueError(f"no customer {value}")
    except ValueError:
        line = written("failed", fault=True)
    assert value not in line
    found = json.loads(line)
    assert found["fault"] == "ValueError"
    assert found["where"][-1].endswith("test_no_fault_carries_it")


def test_what_is_no_personal_data_stays() -> None:
    """Ids of reactions, paths and short numbers can still be read."""
    assert without_personal_data("worker 3 on port 8000: /customers/new in 12.5 s") == "worker 3 on port 8000: /customers/new in 12.5 s"
