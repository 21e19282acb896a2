"""Promotions as drafts: versions, templates, figures that make sense."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.factories.pricing import NOON, TESTER
from tongke.areas.catalogue.models import Promotion
from tongke.areas.catalogue.services import promotions as services
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import Invalid, NotFound, RulesBroken

pytestmark = pytest.mark.django_db
CONTENT: dict[str, Any] = {"name_zh": "春促", "name_en": "Spring", "kind": "percent_off", "percent": "20"}


def design(code: str = "SPRING", *, by: Actor = TESTER, org_id: int = 1, **content: Any) -> UUID:
    return services.design_promotion(code=code, org_id=org_id, content={**CONTENT, **content}, by=by, at=NOON)


def refused(call: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(RulesBroken) as refusal:
        call(*args, **more)
    return [b.code for b in refusal.value.broken]


def test_each_design_is_the_next_version_as_a_draft() -> None:
    first, second = design(), design(percent="30")
    with acting(TESTER):
        rows = {p.id: (p.version, p.state, p.percent, p.quota_per_customer) for p in Promotion.objects.all()}
    assert rows == {first: (1, "in_design", Decimal("20.00"), 1), second: (2, "in_design", Decimal("30.00"), 1)}


@pytest.mark.parametrize("name", sorted(services.TEMPLATES))
def test_every_template_is_a_promotion_as_it_stands(name: str) -> None:
    made = services.design_promotion(code="T", content=services.TEMPLATES[name], by=TESTER, at=NOON)
    with acting(TESTER):
        assert Promotion.objects.get(id=made).kind == services.TEMPLATES[name]["kind"]


@pytest.mark.parametrize(("content", "codes"), [
    ({"percent": None}, ["CAT-167"]), ({"percent": "120"}, ["CAT-167"]), ({"quota_total": 0}, ["CAT-175"]), ({"quota_per_customer": 0}, ["CAT-175"]),
    ({"valid_until": NOON}, ["CAT-177"]), ({"new_customers_only": True, "existing_customers_only": True}, ["CAT-178"]),
    ({"percent": "0", "quota_total": 0, "valid_until": NOON - timedelta(1)}, ["CAT-167", "CAT-175", "CAT-177"]),
])
def test_what_cannot_be(content: dict[str, Any], codes: list[str]) -> None:
    assert refused(design, **content) == codes


@pytest.mark.parametrize("content", [{"kind": "bribe"}, {"name_en": ""}, {"months": "many"}, {"percent": "1.234"}, {"segments": "x" * 30}])
def test_values_of_another_type_name_their_field(content: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        design(**content)
    assert refusal.value.field == next(iter(content))


def test_only_known_fields_and_own_organisations() -> None:
    with pytest.raises(NotFound):
        design(used=9)
    with pytest.raises(NotFound):
        design(by=Actor(name="x", scope=(3301,), permissions=frozenset({"catalogue.promote"})), org_id=33)


def test_a_draft_is_changed_and_a_version_that_stands_is_not() -> None:
    draft = design()
    services.change_promotion(promotion_id=draft, changes={"percent": "25", "quota_total": 10}, by=TESTER, at=NOON)
    assert refused(services.change_promotion, promotion_id=draft, changes={"percent": None}, by=TESTER, at=NOON) == ["CAT-167"]
    with acting(TESTER):
        held = Promotion.objects.get(id=draft)
        assert (held.percent, held.quota_total) == (Decimal("25.00"), 10)
        Promotion.objects.filter(id=draft).update(state="launched")
    assert refused(services.change_promotion, promotion_id=draft, changes={"percent": "1"}, by=TESTER, at=NOON) == ["CAT-176"]
    with pytest.raises(NotFound):
        services.change_promotion(promotion_id=uuid4(), changes={}, by=TESTER, at=NOON)
