"""Addresses of the customer's view, its list and its JSON."""

from django.urls import path

from tongke.web.customer_360 import listing, views

urlpatterns = [
    path("customers", listing.Customers.as_view(), name="customers"),
    path("customers/<uuid:customer_id>", views.Customer360.as_view(), name="customer"),
    path("customers/<uuid:customer_id>/timeline", views.Timeline.as_view(), name="customer-timeline"),
    path("customers/<uuid:customer_id>/reveal", views.Reveal.as_view(), name="customer-reveal"),
    path("api/customers", views.CustomersJson.as_view(), name="api-customers"),
    path("api/customers/<uuid:customer_id>", views.CustomerJson.as_view(), name="api-customer"),
    path("api/customers/<uuid:customer_id>/360", views.Customer360Json.as_view(), name="api-customer-360"),
]
