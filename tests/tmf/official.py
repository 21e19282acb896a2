"""Reading the official files: Swagger 2 (v4) and OpenAPI 3 (v5) alike, and the exceptions to them that have a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

METHODS = ("get", "post", "patch", "delete", "put")
JSON = "application/json;charset=utf-8"


class Schemas:
    """The schemas of one document, with references followed and unions joined."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document

    def at(self, reference: str) -> Any:
        """Return what a reference inside the document leads to."""
        found: Any = self.document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        return found

    def whole(self, schema: Mapping[str, Any], seen: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Return a schema with its references followed and everything that it is joined of or may be."""
        if "$ref" in schema:
            reference = schema["$ref"]
            return {} if reference in seen else self.whole(self.at(reference), seen | {reference})
        made: dict[str, Any] = {name: value for name, value in schema.items() if name not in {"allOf", "oneOf", "anyOf"}}
        made["properties"] = dict(schema.get("properties", {}))
        made["required"] = list(schema.get("required", []))
        for joint in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(joint, []):
                inner = self.whole(part, seen)
                made["properties"] = inner.get("properties", {}) | made["properties"]
                made["required"] += inner.get("required", []) if joint == "allOf" else []
                for name in ("type", "format", "items", "enum", "description"):
                    if name in inner:
                        made.setdefault(name, inner[name])
        return made

    def name(self, schema: Mapping[str, Any]) -> str:
        """Return the name of what a reference leads to, or nothing."""
        return str(schema.get("$ref", "")).rsplit("/", 1)[-1]


class Official(Schemas):
    """One official file."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        super().__init__(json.loads(text) if path.suffix == ".json" else yaml.safe_load(text))

    @property
    def named(self) -> dict[str, Any]:
        """Every schema by name."""
        found: dict[str, Any] = self.document.get("definitions") or self.document["components"]["schemas"]
        return found

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Give path, method and operation of everything that a server offers, listeners left out."""
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item and not path.startswith("/listener"):
                    yield path, method, item[method]

    def listeners(self) -> list[str]:
        """Return the names of the official events' listeners."""
        return [path.removeprefix("/listener/") for path in self.document["paths"] if path.startswith("/listener/")]

    def parameters(self, path: str, operation: Mapping[str, Any]) -> set[tuple[str, str]]:
        """Return place and name of an operation's parameters, its body left out."""
        given = [*self.document["paths"][path].get("parameters", []), *operation.get("parameters", [])]
        found = [self.at(one["$ref"]) if "$ref" in one else one for one in given]
        return {(one["in"], one["name"]) for one in found if one["in"] != "body"}

    def body(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        """Return the schema of an operation's body; empty where it takes none."""
        for one in operation.get("parameters", []):
            if one.get("in") == "body":
                return dict(one["schema"])
        content = self._resolved(operation.get("requestBody", {})).get("content", {})
        return dict(next(iter(content.values()))["schema"]) if content else {}

    def answer(self, operation: Mapping[str, Any], status: str) -> dict[str, Any]:
        """Return the schema of an operation's answer; empty where it has none."""
        found = self._resolved(operation["responses"].get(status, {}))
        if "schema" in found:
            return dict(found["schema"])
        content = found.get("content", {})
        return dict(next(iter(content.values()))["schema"]) if content else {}

    def _resolved(self, part: Mapping[str, Any]) -> Any:
        return self.at(part["$ref"]) if "$ref" in part else part


# What the official files ask for and Tongke does not do: number of the API (* for all), a pattern of what, and the reason.
EXCEPTIONS: tuple[tuple[str, str, str], ...] = (
    ("*", "(hub )?get 409", "reading conflicts with nothing"),
    ("620", r"(Catalog|Category|ProductSpecification|ProductOffering|ProductOfferingPrice)_(Create|Update)\.lastUpdate", "the server knows when it was changed last"),
    ("620", r"(ProductSpecification|ProductOffering|ProductOfferingPrice)_(Create|Update)\.version", "the server numbers the versions of a code"),
    ("620", r"(Catalog_(Create|Update)\.category|Category_(Create|Update)\.subCategory)", "a tree is made from below: a category names its parent and catalogue"),
    ("620", r"(ProductSpecification|ProductOfferingPrice)_(Create|Update)\.isBundle", "whether it consists of others follows from what it consists of"),
    ("620", r"ProductSpecification_Update\.productNumber", "the code is shared by all versions and never changes"),
    ("620", r"ProductOfferingPrice_Update\.(validFor|bundledPopRelationship)", "a price holds as long as the version of its offering"),
    ("620", r"(Import|Export)Job_Create\.(status|completionDate|creationDate|errorLog)", "what became of a job is the server's to say"),
    ("671", r"Promotion_(Create|Update)\.lastUpdate", "the server knows when it was changed last"),
    ("679", r"ProductOfferingQualification_Update\.(state|qualificationResult|(effectiveQualification|expectedPOQCompletion|expiration)Date)",
     "what came of it is the server's to say"),
    ("679", r"ProductOfferingQualification_Update\.(channel|place|relatedParty|productOfferingQualificationItem)", "what was judged stays as it was judged; ask anew"),
    ("679", "productOfferingQualificationInformationRequiredEvent", "what is not known yet is among the reasons of the answer; nothing waits for it"),
    ("629", "(get|post|patch|delete|hub post|hub delete) 202", "every operation is done when it is answered"),
    ("629", "(hub )?(get|post|patch|delete) 501", "what is not served says so with 405 and Allow"),
    ("629", r"Customer_(FVO|MVO)\.(id|href)", "only the server gives ids and addresses"),
    ("629", r".*\.partyOrPartyRole\..*", "parties are given by reference; a whole party that is sent there is kept as it came"),
    ("629", r"Customer_(Create|Update|FVO|MVO)\.(account|creditProfile)", "accounts are opened over TMF666 and ratings made by the house's own rules"),
    ("629", r"Customer_(Update|MVO)\.(engagedParty|validFor)", "who the customer is never changes; since when and until when follow from its life"),
    ("669", r"PartyRole_(Create|Update)\.(account|creditProfile)", "accounts are opened over TMF666 and ratings made by the house's own rules"),
    ("669", r"PartyRole_Update\.(engagedParty|validFor)", "whose role it is never changes; since when and until when follow from its life"),
    ("632", r"Organization_(Create|Update)\.organizationChildRelationship", "a tree is made from below: the child names its parent"),
    ("637", r"Product_(Create|Update)\.terminationDate", "the end of a product is when it was ended"),
    ("637", r"Product_Update\.startDate", "the start of a product is when it was begun"),
    ("644", r"PartyPrivacyProfile_Update\.(agreedByParty|applicableForParty)", "a profile stays with whom it was made for"),
    ("651", r"AgreementSpecification_(Create|Update)\.lastUpdate", "the server knows when it was changed last"),
    ("666", r".*_(Create|Update)\.lastModified", "the server knows when it was changed last"),
    ("666", r"BillingAccount_(Create|Update)\.(accountBalance|creditLimit|paymentStatus)", "balances, limits and what is owed follow from bills, payments and ratings"),
    ("639", r"Resource_(Create|Update)\.(usageState|startOperatingDate)", "whether it is used, and since when, follows from what uses it"),
    ("639", r"Resource_Update\.(@type|name|category|value|serialNumber|place|resourceSpecification|resourceCharacteristic).*",
     "what a resource is never changes; things go to another place by a transfer with two ends"),
    ("639", r"/resource (id|href)", "only the server gives ids and addresses"),
    ("670", r"PaymentMethod_(Create|Update)\.statusDate", "the server knows since when a method is in its state"),
    ("670", r"PaymentMethod_Update\.(@type|relatedParty).*", "a method of another kind or another customer is another one"),
    ("672", r"Permission_(Create|Update)\.(granter|privilege)", "who grants is who asks; what a role may is said by the role"),
    ("672", r"(Permission_Update\.user|UserRole_Update\.involvementRole)", "a grant to another person, or a role of another name, is another one"),
    ("673", "patch /geographicAddressValidation.*", "what was answered about an address stays answered; another question is another task"),
    ("673", "geographicAddressValidationAttributeValueChangeEvent", "a validation is over when it is answered and never changes"),
    ("674", r"GeographicSite_Update\.(@type|code)", "what a site is, and its code on maps and labels, never change"),
    ("683", r"PartyInteraction_(Create|Update)\.(creationDate|statusChangeDate)", "the server knows when it was recorded and moved"),
    ("685", r"Reservation_(Create|Update)\.(creationDate|stateChangeDate|cancellationDate|validFor)", "the server knows when it was made, moved and until when it stands"),
    ("685", r"ResourcePool_(Create|Update)\.capacity", "how many numbers a pool holds is counted"),
    ("685", r"ResourcePool_Update\.(relatedParty|resourceSpecification)", "whose pool it is, and of what, never changes"),
    ("685", "reservationInformationRequiredEvent", "a reservation is made or refused at once; nobody is asked anything"),
    ("687", r".*\.(stockedProduct|requestedProduct|alternateProduct)\..*", "a product in stock is referred to by its model; a whole one that is sent is kept as it came"),
    ("687", r"/(productStock|\w+ProductStock)\[\]\.?.*\.(stockedProduct|requestedProduct|alternateProduct)\..*", "a whole product that is sent is kept as it came"),
    ("687", "post 200", "a reservation names no attribute by which it could be asked for at once; the other tasks do and are answered so"),
    ("687", "delete /productStock.*", "stock goes with its last item, which has a serial"),
    ("687", r"ProductStock_(Create|Update)\.(lastInventoryDate|lastUpdate|creationDate)", "the server knows when it was counted"),
    ("687", r"ProductStock_Update\.(place|stockedProduct).*", "stock of another thing, or at another place, is another stock"),
    ("687", r"(Adjust|Check|Reserve|Query)ProductStock_Create\.(completed\w+Date|creationDate|state|reserveProductStockState|validFor|queryProductStockItem)",
     "a task is done when it is answered: the server says when and what came of it"),
    ("687", "productStock(StateChange|Batch|Delete)Event", "a stock is one state of a thing at a place; it is told of by its levels and, item by item, over TMF639"),
    ("687", "(adjust|check|reserve|query)ProductStock(AttributeValueChange|Batch)Event", "a task is over when it is answered and never changes"),
    ("688", "get /topic/.*/hub.* (fields|offset|limit)", "a subscription is a few attributes and one has few: all are given"),
    ("688", "topicChangeEvent", "a topic never changes: it officially has no PATCH"),
    ("683", r"PartyInteraction_Update\.channel", "on which channel somebody called never changes"),
)
