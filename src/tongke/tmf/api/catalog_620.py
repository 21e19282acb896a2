"""TMF620 Product Catalog Management, v4: catalogues, categories, specifications, offerings and prices, each version by its own id."""

from __future__ import annotations

from tongke.areas.catalogue.queries.record_items import CATEGORIES_IN_FULL, PRICES_IN_FULL
from tongke.areas.catalogue.queries.records import CATALOGUES, OFFERINGS, SPECIFICATIONS
from tongke.tmf.catalogue import jobs, reading, shelves, telling, versions
from tongke.tmf.catalogue.offering_shapes import ProductOffering, ProductOfferingPrice
from tongke.tmf.catalogue.shapes import Catalog, Category, ProductSpecification
from tongke.tmf.kit.declared import Api, Resource

VIEW, DESIGN = "catalogue.view", "catalogue.design"
SERVER_SET = frozenset({"id", "href", "lastUpdate"})
CODE = frozenset({"code"})
VERSIONED = SERVER_SET | {"version"}

CATALOG = Resource(
    name="catalog", type="Catalog", document=Catalog, rows=CATALOGUES, attributes=reading.CATALOG, view=VIEW,
    about="Catalogues, each the root of a tree of categories", required=("name",), create=shelves.create_catalogue, change=shelves.change_catalogue,
    remove=shelves.remove_catalogue, may_create=DESIGN, may_change=DESIGN, may_remove=DESIGN, server_set=SERVER_SET | {"category"}, fixed=CODE,
    told=(*telling.of_shelves("Catalog", "catalogues"), telling.BATCH),
    example={"name": "大众市场", "nameEn": "Mass market", "catalogType": "product"},
)
CATEGORY = Resource(
    name="category", type="Category", document=Category, rows=CATEGORIES_IN_FULL, attributes=reading.CATEGORY, view=VIEW,
    about="Categories and the offerings in them, in order", required=("name",), create=shelves.create_category, change=shelves.change_category,
    remove=shelves.remove_category, may_create=DESIGN, may_change=DESIGN, may_remove=DESIGN, server_set=SERVER_SET | {"subCategory"}, fixed=CODE,
    told=telling.of_shelves("Category", "categories"), example={"name": "宽带", "nameEn": "Broadband"},
)
SPECIFICATION = Resource(
    name="productSpecification", type="ProductSpecification", document=ProductSpecification, rows=SPECIFICATIONS, attributes=reading.SPECIFICATION,
    view=VIEW, about="Specifications of products: draft, edit, approve and launch versions of them", required=("name",), where="ksp.level = 'product'",
    create=versions.create_specification, change=versions.change_specification, remove=versions.remove_specification, may_create=DESIGN,
    may_remove=DESIGN, server_set=VERSIONED | {"isBundle"}, fixed=frozenset({"productNumber"}),
    told=telling.of_versions("ProductSpecification", "specifications"),
    example={"name": "家庭宽带", "nameEn": "Home broadband", "kind": "broadband", "productSpecCharacteristic": [
        {"id": "speed", "name": "下行速率", "nameEn": "Downstream", "valueType": "integer",
         "productSpecCharacteristicValue": [{"valueFrom": 100, "valueTo": 2000, "unitOfMeasure": "Mbit/s"}]}]},
)
OFFERING = Resource(
    name="productOffering", type="ProductOffering", document=ProductOffering, rows=OFFERINGS, attributes=reading.OFFERING, view=VIEW,
    about="Versions of what is sold: draft, edit, approve, launch and retire them. A version that stands never changes", required=("name",),
    create=versions.create_offering, change=versions.change_offering, remove=versions.remove_offering, may_create=DESIGN, may_remove=DESIGN,
    server_set=VERSIONED, fixed=CODE, told=telling.of_versions("ProductOffering", "offerings"),
    example={"name": "畅享99", "nameEn": "Enjoy 99", "kind": "mobile", "marketSegment": [{"id": "residential"}], "productOfferingPrice": [
        {"name": "月费", "priceType": "recurring", "recurringChargePeriod": "month", "price": {"taxIncludedAmount": {"unit": "CNY", "value": 99}}}]},
)
PRICE = Resource(
    name="productOfferingPrice", type="ProductOfferingPrice", document=ProductOfferingPrice, rows=PRICES_IN_FULL, attributes=reading.PRICE, view=VIEW,
    about="Prices of versions of offerings; a price lives and stands with its version", required=("name",), create=versions.create_price,
    change=versions.change_price, remove=versions.remove_price, may_create=DESIGN, may_remove=DESIGN,
    server_set=VERSIONED | {"isBundle"}, fixed=frozenset({"code", "productOffering", "validFor", "bundledPopRelationship"}), told=telling.OF_PRICES,
    example={"name": "安装费", "nameEn": "Installation", "priceType": "oneTime", "price": {"unit": "CNY", "value": 100},
             "productOffering": {"id": "01890000-0000-7000-8000-000000000000"}},
)
APIS = [
    Api(number="620", version="v4", base="productCatalogManagement", title="Product Catalog Management",
        resources=(CATALOG, CATEGORY, SPECIFICATION, OFFERING, PRICE, jobs.IMPORT, jobs.EXPORT, jobs.FILE),
        about="What can be sold: catalogues, categories, specifications, offerings and prices, as versions that stand"),
]
