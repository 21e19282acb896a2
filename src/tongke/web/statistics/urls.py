"""Addresses of the statistics pages."""

from __future__ import annotations

from django.urls import path

from tongke.web.statistics import pages

urlpatterns = [
    path("statistics", pages.Statistics.as_view(), name="statistics"),
    path("statistics/metrics", pages.Dictionary.as_view(), name="metrics"),
    path("statistics/<str:code>", pages.FigureTable.as_view(), name="figure"),
]
