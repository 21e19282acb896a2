"""What a customer was given with promotions, for which product, and what leaving that product's contract now would give back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue.queries.benefits import benefit_given_back, benefits_given
from tongke.areas.inventory import queries as inventory
from tongke.areas.inventory.states import ENDED
from tongke.kernel.actor import Actor

PRODUCTS_MAX = 500


@dataclass(frozen=True, slots=True)
class Given:
    """One benefit: ``benefit`` as it is kept with its share and promotion, the ``product`` it was given for (``None``: none in sight).

    ``gives_back`` is what ending that product on the day of the question costs for this benefit alone; the costs of all benefits of a
    product come to its penalty.
    """

    benefit: Any
    product: Any
    gives_back: Decimal


def benefits_of(customer_id: UUID, *, limit: int = 100, by: Actor, at: datetime) -> list[Given]:
    """Return what a customer was given, and what came along with the products that the customer has now, the newest first.

    Needs ``ordering.qualify``; products are named to those who may see them.
    """
    by.require("ordering.qualify")
    on = by.day(at)
    held = inventory.products_of_customer(customer_id, limit=PRODUCTS_MAX, by=by) if by.may("inventory.view") else []
    products = {product.id: product for product in held}
    out = []
    for row in benefits_given(customer_id, products)[:limit]:
        product = products.get(row.product_id) if row.product_id else None
        out.append(Given(row, product, _gives_back(row, product, on=on, at=at)))
    return out


def _gives_back(benefit: Any, product: Any, *, on: date, at: datetime) -> Decimal:
    """Nothing of a product that has ended or whose own contract is over."""
    if product is None or product.state in ENDED or product.contract_until is None or product.contract_until <= on:
        return Decimal("0.00")
    offering = catalogue.priced_offering(product.offering_id, at=at)
    return benefit_given_back(benefit, offering, term_code=str(product.characteristics.get("term", "")), on=on)
