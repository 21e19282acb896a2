"""Which rules a record in bulk must keep: pure, over one record's values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tongke.kernel.bulk import Values
from tongke.kernel.keys import phone_e164
from tongke.kernel.rules import Broken, collect, rule


@rule("IMP-60", says=_("The customer number {customer_no} is used by another customer"), mend=_("Leave the number empty, or correct it"),
      field="customer_no")
def customer_number_is_free(*, customer_no: str, held: bool = False) -> bool:  # noqa: ARG001 - named in the sentence
    """A printed number belongs to one customer."""
    return not held


@rule("IMP-61", says=_("This is no phone number"), mend=_("Give the number with its area code, or with + and country code"), field="value")
def is_phone(*, kind: str, value: str) -> bool:
    """A phone has a number that can be dialled."""
    return kind not in ("mobile", "phone") or phone_e164(value) is not None


@rule("IMP-62", says=_("The end lies before the start"), mend=_("Correct one of the two dates"), field="valid_until")
def period_is_forward(*, start: datetime | None, end: datetime | None) -> bool:
    """What ends has begun before."""
    return start is None or end is None or end >= start


@rule("IMP-63", says=_("An address needs at least a city, a street or its full text"), mend=_("Fill one of them"), field="full")
def says_where(*, text: str) -> bool:
    """An address names a place."""
    return bool(text.strip())


@rule("IMP-64", says=_("A party cannot belong to itself"), mend=_("Name another party above"), field="parent")
def is_of_two(*, parent: object, child: object) -> bool:
    """A relation has two ends."""
    return parent != child


def check_party(values: Values, at: datetime) -> Iterable[Broken]:
    """Rules of a person or organisation."""
    del at
    return collect() if values else ()


def check_customer(values: Values, at: datetime) -> Iterable[Broken]:
    """Rules of a customer."""
    del at
    if values.get("left_on"):
        return collect((period_is_forward, {"start": values.get("since_on"), "end": values["left_on"]}))
    return ()


def check_document(values: Values, at: datetime) -> Iterable[Broken]:
    """Rules of an identity document."""
    del at, values
    return ()


def check_medium(values: Values, at: datetime) -> Iterable[Broken]:
    """Rules of a contact medium."""
    del at
    return collect((is_phone, {"kind": values["kind"], "value": values["value"]}),
                   (period_is_forward, {"start": values.get("valid_from"), "end": values.get("valid_until")}))


def check_address(values: Values, at: datetime) -> Iterable[Broken]:
    """Rules of an address."""
    del at
    return collect((says_where, {"text": "".join(str(values.get(n) or "") for n in ("full", "city", "street", "place", "detail"))}))


def check_consent(values: Values, at: datetime) -> Iterable[Broken]:
    """Rules of a consent."""
    del at
    return collect((period_is_forward, {"start": values.get("valid_from"), "end": values.get("valid_until")}))


def check_relation(values: Values, at: datetime) -> Iterable[Broken]:
    """Rules of a relation."""
    del at
    return collect((is_of_two, {"parent": values["parent"], "child": values["child"]}))
