"""Addresses of the TM Forum floor, from the host's root: officials mount some APIs beside ``/tmf-api``."""

from tongke.tmf.kit.routing import urlpatterns as patterns

urlpatterns = patterns()
