"""Addresses of the operations pages."""

from __future__ import annotations

from django.urls import path

from tongke.web.operations import pages

urlpatterns = [path("operations/reactions", pages.Reactions.as_view(), name="reactions")]
