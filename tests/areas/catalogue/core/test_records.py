"""The columns that the room offers are columns that the database has."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.factories import accounts as make
from tests.factories.accounts import TESTER
from tongke.areas.catalogue.queries import records
from tongke.kernel.actor import acting
from tongke.kernel.rows import Rows

pytestmark = pytest.mark.django_db
OFFERED = {name: value for name, value in vars(records).items() if isinstance(value, Rows)}


@pytest.mark.parametrize("name", sorted(OFFERED))
def test_every_column_can_be_read(name: str) -> None:
    rows = OFFERED[name]
    chosen = ", ".join(f"{column.sql} AS c{n}" for n, column in enumerate(rows.columns.values()))
    with acting(TESTER), connection.cursor() as cursor:
        cursor.execute(f"SELECT {rows.key}, {rows.org}, {chosen} FROM {rows.source} LIMIT 1")
        assert len(cursor.description or ()) == len(rows.columns) + 2


def test_a_code_stands_for_the_version_on_sale() -> None:
    ident = make.offering()
    with acting(TESTER), connection.cursor() as cursor:
        cursor.execute(f"SELECT {records.OFFERINGS.column('code').sql}, {records.OFFERINGS.column('is_bundle').sql} FROM {records.OFFERINGS.source}"
                       f" WHERE {records.OFFERINGS.key} = %s", [ident])
        assert cursor.fetchone() == ("M-59", False)
