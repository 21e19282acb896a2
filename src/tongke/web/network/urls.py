"""Addresses of the network's pages."""

from __future__ import annotations

from django.urls import path

from tongke.web.network import coverage

urlpatterns = [
    path("coverage", coverage.CoveragePage.as_view(), name="coverage"),
    path("coverage/suggest", coverage.Suggest.as_view(), name="coverage-suggest"),
    path("coverage/reserve", coverage.ReservePort.as_view(), name="coverage-reserve"),
    path("network/sites/<uuid:site_id>", coverage.CoveragePage.as_view(), name="network-site"),
    path("network/equipment/<uuid:equipment_id>", coverage.CoveragePage.as_view(), name="network-equipment-one"),
]
