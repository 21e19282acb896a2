"""Finding out how a text file is written: encoding and delimiter, and its fingerprint, in one pass."""

from __future__ import annotations

import codecs
from pathlib import Path

from django.utils.translation import gettext as _

from tongke.exchange.errors import EncodingUnknown, FileUnreadable

BLOCK = 1 << 20
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
NUL_SHARE_MIN = 0.2
DELIMITERS = ",\t;|"


def known_encoding(name: str, file: str) -> str:
    """Return ``name`` if Python knows it as a text encoding; raises ``FileUnreadable``."""
    try:
        info = codecs.lookup(name)
    except LookupError:
        raise FileUnreadable(file=file, why=_("there is no encoding {name}").format(name=name)) from None
    if not info._is_text_encoding:  # noqa: SLF001 - the only mark of codecs that are none
        raise FileUnreadable(file=file, why=_("{name} is no encoding of text").format(name=name))
    return info.name


def detect_encoding(path: Path) -> str:
    """Return the encoding of a text file: byte order marks, UTF-16 by its NULs, UTF-8, GB18030, in this order.

    The whole file is tried, so that a far-off Chinese name cannot break the load later. Raises ``EncodingUnknown``.
    """
    with path.open("rb") as file:
        head = file.read(8192)
        for mark, name in BOMS:
            if head.startswith(mark):
                return name
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) / 2 * NUL_SHARE_MIN and min(even, odd) <= max(even, odd) / 4:
            return "utf-16-le" if odd > even else "utf-16-be"
        position = 0
        for name in ("utf-8", "gb18030"):
            file.seek(0)
            wrong = _first_wrong_byte(file, name)
            if wrong is None:
                return name
            position = max(position, wrong)
    raise EncodingUnknown(file=path.name, position=position)


def _first_wrong_byte(file: object, name: str) -> int | None:
    """Return where the bytes stop being ``name``; a character cut off at the very end is the file's truncation."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    done = 0
    while block := file.read(BLOCK):  # type: ignore[attr-defined]  # opened for reading bytes
        try:
            decoder.decode(block)
        except UnicodeDecodeError as wrong:
            return done + wrong.start
        done += len(block)
    return None


def detect_delimiter(line: str) -> str:
    """Return the delimiter that the header line uses most, outside quotation marks; a comma if none."""
    quoted = False
    counts = dict.fromkeys(DELIMITERS, 0)
    for character in line:
        if character == '"':
            quoted = not quoted
        elif not quoted and character in counts:
            counts[character] += 1
    best = max(DELIMITERS, key=lambda d: counts[d])
    return best if counts[best] else ","
