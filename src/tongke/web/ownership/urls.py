"""Addresses of the transfer of ownership."""

from __future__ import annotations

from django.urls import path

from tongke.web.ownership import pages

urlpatterns = [path("lines/<uuid:subscriber_id>/transfer", pages.TransferPage.as_view(), name="line-transfer")]
