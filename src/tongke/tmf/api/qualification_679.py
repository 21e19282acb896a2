"""TMF679 Product Offering Qualification, v4: whether a customer may order offerings, every reason, and what would be possible instead."""

from __future__ import annotations

from tongke.areas.ordering import events
from tongke.areas.ordering.queries.records import QUALIFICATIONS
from tongke.tmf.catalogue import qualifications
from tongke.tmf.catalogue.qualification_shapes import ProductOfferingQualification
from tongke.tmf.kit.declared import Api, Resource, Told

TYPE = "ProductOfferingQualification"
JUDGE = "ordering.qualify"
GIVEN = frozenset({"effectiveQualificationDate", "expectedPOQCompletionDate", "expirationDate", "productOfferingQualificationDate", "qualificationResult", "state"})
RESOURCE = Resource(
    name="productOfferingQualification", type=TYPE, document=ProductOfferingQualification, rows=QUALIFICATIONS, attributes=qualifications.QUALIFICATION,
    view=JUDGE, customer="customer_id", about="Qualifications: asked, judged at once by the rules in force, and kept with every reason",
    create=qualifications.create, change=qualifications.change, remove=qualifications.remove, may_create=JUDGE, may_change=JUDGE, may_remove=JUDGE,
    server_set=frozenset({"id", "href"}) | GIVEN, fixed=frozenset({"channel", "place", "relatedParty", "productOfferingQualificationItem"}),
    at_once="instantSyncQualification",
    told=(
        Told(event=events.OfferingsQualified, type=f"{TYPE}CreateEvent"), Told(event=events.OfferingsQualified, type=f"{TYPE}StateChangeEvent"),
        Told(event=events.QualificationDescribed, type=f"{TYPE}AttributeValueChangeEvent"),
        Told(event=events.QualificationDiscarded, type=f"{TYPE}DeleteEvent", removes=True),
    ),
    example={"description": "before the visit", "instantSyncQualification": False, "provideAlternative": True, "channel": {"id": "hall"}},
)
APIS = [
    Api(number="679", version="v4", base="productOfferingQualification", title="Product Offering Qualification", resources=(RESOURCE,),
        about="Whether a customer may order offerings: every reason at once, what would mend it, and what is possible instead"),
]
