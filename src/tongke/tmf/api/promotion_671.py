"""TMF671 Promotion Management, v4: promotions as versions, each a pattern of conditions and of what is given."""

from __future__ import annotations

from tongke.areas.catalogue.queries.records import PROMOTIONS
from tongke.tmf.catalogue import promotions, telling
from tongke.tmf.catalogue.promotion_reading import PROMOTION
from tongke.tmf.catalogue.promotion_shapes import Promotion
from tongke.tmf.kit.declared import Api, Resource

DESIGN = "catalogue.design"
PROMOTION_RESOURCE = Resource(
    name="promotion", type="Promotion", document=Promotion, rows=PROMOTIONS, attributes=PROMOTION, view="catalogue.view",
    about="Promotions: draft, edit, approve, launch and retire versions of them", required=("name",), create=promotions.create,
    change=promotions.change, remove=promotions.remove, may_create=DESIGN, may_remove=DESIGN,
    server_set=frozenset({"id", "href", "lastUpdate", "version", "used"}), fixed=frozenset({"code"}), told=telling.of_versions("Promotion", "promotions"),
    example={
        "name": "新客户八折", "nameEn": "New customers: 20 percent off", "pattern": [{
            "criteriaGroup": [{"criteria": [
                {"criteriaParameter": "marketSegment", "criteriaOperator": "=", "criteriaValue": "residential"},
                {"criteriaParameter": "newCustomer", "criteriaOperator": "=", "criteriaValue": "true"}]}],
            "action": [{"actionType": "percent", "actionValue": "20"}, {"actionType": "months", "actionValue": "6"}]}],
    },
)
APIS = [
    Api(number="671", version="v4", base="promotionManagement", title="Promotion Management", resources=(PROMOTION_RESOURCE,),
        about="Promotions: for whom, what they give, with what they stack, and how often"),
]
