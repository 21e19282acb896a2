"""Addresses of the papers."""

from __future__ import annotations

from django.urls import path

from tongke.web.printing import pages

urlpatterns = [path("customers/<uuid:customer_id>/card.pdf", pages.CustomerCard.as_view(), name="customer-card")]
