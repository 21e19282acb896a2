"""A cursor of the server sees the rows of who acts now, whoever used the connection before."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.factories.accounts import bare_customer
from tongke.areas.party.models import Customer
from tongke.kernel.actor import Actor, acting


@pytest.mark.django_db
def test_streamed_rows_are_those_of_the_present_actor() -> None:
    here, there = bare_customer(org_id=3301), bare_customer(org_id=3302)
    hangzhou, ningbo = Actor(name="a", scope=(3301,)), Actor(name="b", scope=(3302,))
    with acting(hangzhou):
        assert list(Customer.objects.values_list("id", flat=True)) == [here.id]
    with acting(ningbo):
        assert list(Customer.objects.values_list("id", flat=True).iterator(chunk_size=10)) == [there.id]
        assert list(Customer.objects.values_list("id", flat=True)) == [there.id]
    with acting(hangzhou), connection.chunked_cursor() as cursor:
        cursor.execute("SELECT org_id FROM party_customer")
        assert cursor.fetchall() == [(3301,)]
    with acting(hangzhou):
        assert Customer.objects.filter(id=there.id).first() is None
