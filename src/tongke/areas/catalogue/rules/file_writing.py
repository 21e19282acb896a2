"""Writing a catalogue as a file: one order, one way to write each value, so that equal catalogues are equal bytes. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import yaml

from tongke.areas.catalogue.rules.content import BLOCKS, CatalogueContent
from tongke.areas.catalogue.rules.file_reading import FORMAT, HEAD, reads_as_text


class _Writer(yaml.SafeDumper):
    """Writes plain words where they are read back as what they are, quoted ones elsewhere; lists stand below their word."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - the library's own shape
        """Indent the entries of a list below their word."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's own shape
        """Write equal values out each time."""
        return True


_Writer.yaml_implicit_resolvers = {}


def _text(writer: _Writer, value: str) -> yaml.ScalarNode:
    style = None if reads_as_text(value) else "'"
    return writer.represent_scalar("tag:yaml.org,2002:str", value, "|" if "\n" in value and value.strip() == value else style)


def _word(writer: _Writer, value: str) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", value)


_Writer.add_representer(str, _text)
_Writer.add_representer(bool, lambda writer, value: _word(writer, "true" if value else "false"))
_Writer.add_representer(int, lambda writer, value: _word(writer, str(value)))
_Writer.add_representer(Decimal, lambda writer, value: _word(writer, format(value, "f")))
_Writer.add_representer(type(None), lambda writer, _value: _word(writer, "null"))


def _number(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value.normalize()


def written(value: Any) -> Any:
    """Return a value as the file has it: words of enumerations, instants in UTC, numbers without needless zeros."""
    if isinstance(value, dict):
        return {str(written(name)): written(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [written(item) for item in value]
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, float):
        return _number(Decimal(repr(value)).quantize(Decimal("1e-12")))
    return _number(value) if isinstance(value, Decimal) else value


def write_catalogue(catalogue: CatalogueContent) -> str:
    """Return the file of a catalogue: blocks in their order, entries by code, fields in the order of the shape, defaults left out."""
    parts = [f"{HEAD}: {FORMAT}\n"]
    for noun in BLOCKS:
        block = catalogue.block(noun)
        if block:
            entries = {code: written(block[code].spoken()) for code in sorted(block)}
            parts.append(yaml.dump({noun: entries}, Dumper=_Writer, allow_unicode=True, sort_keys=False, default_flow_style=False, width=140))
    return "\n".join(parts)
