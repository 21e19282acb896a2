"""Addresses of the network's pages."""

from __future__ import annotations

from django.urls import path

from tongke.web.network import communities, coverage, customers, equipment, forms, place_forms, places, ports, retiring, sites

ONE = "network/equipment/<uuid:equipment_id>"
urlpatterns = [
    path("coverage", coverage.CoveragePage.as_view(), name="coverage"),
    path("coverage/suggest", coverage.Suggest.as_view(), name="coverage-suggest"),
    path("coverage/reserve", coverage.ReservePort.as_view(), name="coverage-reserve"),
    path("network", communities.Communities.as_view(), name="network"),
    path("coverage/customer/<uuid:customer_id>", customers.CustomerCoverage.as_view(), name="coverage-customer"),
    path("network/places", places.Places.as_view(), name="network-places"),
    path("network/places/new", place_forms.NewPlace.as_view(), name="network-place-new"),
    path("network/places/name", places.NameCheck.as_view(), name="network-name-check"),
    path("network/places/<uuid:place_id>", places.Places.as_view(), name="network-place"),
    path("network/places/<uuid:place_id>/rename", place_forms.Rename.as_view(), name="network-place-rename"),
    path("network/places/<uuid:place_id>/name", place_forms.AddName.as_view(), name="network-place-name"),
    path("network/places/<uuid:place_id>/details", place_forms.Describe.as_view(), name="network-place-describe"),
    path("network/places/<uuid:place_id>/gone", place_forms.Gone.as_view(), name="network-place-gone"),
    path("network/places/<uuid:place_id>/state/<slug:state>", places.PlaceBack.as_view(), name="network-place-back"),
    path("network/coverage/<uuid:access_id>", retiring.ChangeAccess.as_view(), name="network-access-change"),
    path("network/coverage/<uuid:access_id>/retire", retiring.RetireAccess.as_view(), name="network-access-retire"),
    path("network/ports", ports.Ports.as_view(), name="network-ports"),
    path("network/planned", equipment.Planned.as_view(), name="network-planned"),
    path("network/reservations", sites.Reservations.as_view(), name="network-reservations"),
    path("network/reservations/release", sites.ReleaseOrder.as_view(), name="network-release"),
    path("network/sites", sites.Sites.as_view(), name="network-sites"),
    path("network/sites/new", forms.NewSite.as_view(), name="network-site-new"),
    path("network/sites/<uuid:site_id>", sites.SitePage.as_view(), name="network-site"),
    path("network/sites/<uuid:site_id>/<slug:move>", sites.MoveSite.as_view(), name="network-site-move"),
    path("network/equipment", equipment.EquipmentList.as_view(), name="network-equipment"),
    path("network/equipment/new", forms.NewEquipment.as_view(), name="network-equipment-new"),
    path(ONE, equipment.EquipmentPage.as_view(), name="network-equipment-one"),
    path(f"{ONE}/hang", forms.Rehang.as_view(), name="network-equipment-hang"),
    path(f"{ONE}/ports/add", forms.AddPorts.as_view(), name="network-ports-add"),
    path(f"{ONE}/coverage/add", forms.AddAccess.as_view(), name="network-access-add"),
    path(f"{ONE}/retire", retiring.RetireEquipment.as_view(), name="network-equipment-retire"),
    path(f"{ONE}/move/<slug:move>", equipment.MoveEquipment.as_view(), name="network-equipment-move"),
    path(f"{ONE}/ports/<int:number>", equipment.PortPage.as_view(), name="network-port"),
    path(f"{ONE}/ports/<int:number>/<slug:deed>", equipment.MovePort.as_view(), name="network-port-deed"),
]
