"""A process that takes shares of a promotion until it is killed: half of them are used, some given back."""

from __future__ import annotations

import sys
from itertools import count
from uuid import UUID, uuid4

import django

django.setup()

from tongke.areas.catalogue.services import promotions as services  # noqa: E402 - needs Django's settings
from tongke.kernel.actor import system_actor  # noqa: E402 - as above
from tongke.kernel.errors import RulesBroken  # noqa: E402 - as above

if __name__ == "__main__":
    from tests.factories.pricing import NOON

    promotion_id, name, by = UUID(sys.argv[1]), sys.argv[2], system_actor("test")
    for number in count():
        key = f"{name}-{number}"
        try:
            services.hold_promotion(promotion_id=promotion_id, customer_id=uuid4(), org_id=3301, key=key, by=by, at=NOON)
        except RulesBroken:
            break
        if number % 2:
            services.use_promotion(promotion_id=promotion_id, key=key, by=by, at=NOON)
        if number % 3 == 0:
            services.release_promotion(promotion_id=promotion_id, key=key, by=by, at=NOON)
        print(number, flush=True)  # noqa: T201 - tells the test how far it came
