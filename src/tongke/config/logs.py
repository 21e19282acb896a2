"""Logs as JSON lines without personal data: no query strings, no bodies, no values out of error texts."""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

QUERY = re.compile(r"\?[^\s\"']+")
EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+")
LONG_DIGITS = re.compile(r"\+?\d[\d\- ]{5,}\d[Xx]?")
QUOTED = re.compile(r"\((?:[^()]*)\)=\((?:[^()]*)\)")
HAN = re.compile(r"[㐀-鿿]+")


def without_personal_data(words: str) -> str:
    """Strike out whatever could be a person's: query strings, addresses of mail, long numbers, keys, Chinese names."""
    for pattern, stand_in in ((QUERY, "?…"), (QUOTED, "(…)=(…)"), (EMAIL, "<mail>"), (LONG_DIGITS, "<number>"), (HAN, "<han>")):
        words = pattern.sub(stand_in, words)
    return words


class JsonFormatter(logging.Formatter):
    """One record, one line. Of an exception its type and where it passed, never its text: that may quote a row."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a JSON line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_personal_data(record.getMessage()),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["fault"] = record.exc_info[0].__name__
            line["where"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(record.exc_info[2])][-12:]
            code = getattr(record.exc_info[1], "code", None)
            if isinstance(code, str):
                line["code"] = code
        return json.dumps(line, ensure_ascii=False)


def logging_settings() -> dict[str, Any]:
    """Return Django's LOGGING: everything from warning on to standard error, which `tongke up` keeps in ``<data>/log``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "tongke.config.logs.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            # Django's own handlers would mail or print with other formatters.
            "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "django.security.DisallowedHost": {"handlers": [], "propagate": False},
            "procrastinate": {"level": "WARNING"},
            "tongke": {"level": "INFO"},
        },
    }
