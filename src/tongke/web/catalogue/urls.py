"""Addresses of the catalogue's pages."""

from __future__ import annotations

from django.urls import path

from tongke.web.catalogue import advice, comparing, drafts, moving, offering, sections, specifications, tree, trying

_DRAFT = "catalogue/drafts/<uuid:offering_id>"
_SPECIFICATION = "catalogue/specifications/<uuid:specification_id>"
urlpatterns = [
    path("catalogue", tree.Catalogue.as_view(), name="catalogue"),
    path("catalogue/installed/<str:code>", tree.InstalledProducts.as_view(), name="catalogue-installed"),
    path("catalogue/offerings/new", drafts.NewOffer.as_view(), name="catalogue-offering-new"),
    path("catalogue/offerings/<uuid:offering_id>", offering.OfferingPage.as_view(), name="catalogue-offering"),
    path("catalogue/offerings/<uuid:offering_id>/next", drafts.NextVersion.as_view(), name="catalogue-next"),
    path("catalogue/offers/<str:code>", offering.OfferingByCode.as_view(), name="catalogue-offering-code"),
    path(_DRAFT, drafts.Draft.as_view(), name="catalogue-draft"),
    path(f"{_DRAFT}/prices", drafts.Prices.as_view(), name="catalogue-draft-prices"),
    path(f"{_DRAFT}/prices/new", sections.PricePage.as_view(), name="catalogue-draft-price-new"),
    path(f"{_DRAFT}/prices/<int:place>", sections.PricePage.as_view(), name="catalogue-draft-price"),
    path(f"{_DRAFT}/prices/<int:place>/away", drafts.PriceAway.as_view(), name="catalogue-draft-price-away"),
    path(f"{_DRAFT}/sections/<str:section>", sections.SectionByName.as_view(), name="catalogue-draft-section"),
    path("catalogue/compare/<uuid:before_id>/<uuid:after_id>", comparing.Compare.as_view(), name="catalogue-compare"),
    path("catalogue/compare/<str:noun>/<uuid:before_id>/<uuid:after_id>", comparing.Compare.as_view(), name="catalogue-compare-any"),
    path("catalogue/prices/try", trying.Try.as_view(), name="catalogue-try"),
    path("catalogue/advice/<uuid:subscriber_id>", advice.Advice.as_view(), name="catalogue-advice"),
    path("catalogue/specifications", specifications.Specifications.as_view(), name="catalogue-specifications"),
    path("catalogue/specifications/new", specifications.NewSpecification.as_view(), name="catalogue-specification-new"),
    path("catalogue/specifications/of/<str:code>", specifications.SpecificationByCode.as_view(), name="catalogue-specification-code"),
    path(_SPECIFICATION, specifications.SpecificationPage.as_view(), name="catalogue-specification"),
    path(f"{_SPECIFICATION}/next", specifications.NextSpecification.as_view(), name="catalogue-specification-next"),
    path(f"{_SPECIFICATION}/basics", specifications.EditBasics.as_view(), name="catalogue-specification-basics"),
    path(f"{_SPECIFICATION}/characteristics", specifications.EditCharacteristics.as_view(), name="catalogue-specification-characteristics"),
    path(f"{_SPECIFICATION}/relations", specifications.EditRelations.as_view(), name="catalogue-specification-relations"),
    path("catalogue/versions/<str:noun>/<uuid:version_id>/<str:deed>", moving.VersionAct.as_view(), name="catalogue-version-act"),
    path("catalogue/versions/<str:noun>/<uuid:version_id>/<str:deed>/when", moving.VersionDate.as_view(), name="catalogue-version-date"),
]
