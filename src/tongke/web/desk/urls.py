"""Addresses of the desk's forms."""

from __future__ import annotations

from django.urls import path

from tongke.web.desk import pages

urlpatterns = [
    path("customers/<uuid:customer_id>/contact", pages.RecordContact.as_view(), name="record-contact"),
    path("customers/<uuid:customer_id>/move", pages.MoveCustomer.as_view(), name="move-customer"),
]
