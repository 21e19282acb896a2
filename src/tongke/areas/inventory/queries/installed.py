"""What is installed of an offering: how many, in which version, and which lines."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import CharField, F, Func, QuerySet, Value

from tongke.areas.inventory.models import Product
from tongke.areas.inventory.states import ENDED
from tongke.kernel.actor import Actor

COUNT_BOUND = 10_000
# Each version's rows are counted along the index of its own and never further than the bound.
_COUNTS = """
SELECT o.id, (SELECT count(*) FROM (
    SELECT 1 FROM inventory_product p WHERE p.offering_id = o.id AND p.state <> ALL (%(gone)s::text[])
       AND (%(scope)s::int[] IS NULL OR p.org_id = ANY (%(scope)s::int[])) LIMIT %(bound)s) found)
  FROM unnest(%(ids)s::uuid[]) AS o(id)
"""


def installed_counts(offering_ids: Sequence[UUID], *, by: Actor) -> dict[UUID, int]:
    """Return how many products of each version are installed within the actor's scope, at most one above ``COUNT_BOUND``."""
    by.require("inventory.view")
    if not offering_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {
            "ids": list(offering_ids), "gone": [str(state.value) for state in ENDED], "bound": COUNT_BOUND + 1,
            "scope": None if by.scope is None else list(by.scope),
        })
        return {row[0]: row[1] for row in cursor.fetchall()}


def products_installed(offering_ids: Sequence[UUID], *, by: Actor) -> QuerySet[Product]:
    """Return the installed products of these versions with their lines; ``shown`` is the number, masked by what the actor may read."""
    return _with_lines(Product.objects.filter(offering_id__in=list(offering_ids)).exclude(state__in=ENDED), by)


def products_named(product_ids: Sequence[UUID], *, by: Actor) -> dict[UUID, Product]:
    """Return products within the actor's scope by their ids, in force or not, as ``products_installed`` does."""
    return _with_lines(Product.objects.all(), by).in_bulk(list(product_ids))


def _with_lines(rows: QuerySet[Product], by: Actor) -> QuerySet[Product]:
    by.require("inventory.view")
    shown = Func(F("subscriber__service_number"), Func(Value("phone"), function="tongke_clear"), function="tongke_mask_phone", output_field=CharField())
    return (rows if by.scope is None else rows.filter(org_id__in=by.scope)).select_related("offering", "subscriber", "customer").annotate(shown=shown)
