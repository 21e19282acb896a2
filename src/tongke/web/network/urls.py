"""Addresses of the network's pages."""

from __future__ import annotations

from django.urls import path

from tongke.web.network import communities, coverage, equipment, forms, sites

ONE = "network/equipment/<uuid:equipment_id>"
urlpatterns = [
    path("coverage", coverage.CoveragePage.as_view(), name="coverage"),
    path("coverage/suggest", coverage.Suggest.as_view(), name="coverage-suggest"),
    path("coverage/reserve", coverage.ReservePort.as_view(), name="coverage-reserve"),
    path("network", communities.Communities.as_view(), name="network"),
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
    path(f"{ONE}/move/<slug:move>", equipment.MoveEquipment.as_view(), name="network-equipment-move"),
    path(f"{ONE}/ports/<int:number>", equipment.PortPage.as_view(), name="network-port"),
    path(f"{ONE}/ports/<int:number>/<slug:deed>", equipment.MovePort.as_view(), name="network-port-deed"),
]
