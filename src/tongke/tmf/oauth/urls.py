"""Addresses of OAuth 2.0, where its documents expect them. A slash at the end changes nothing and redirects nowhere."""

from __future__ import annotations

from django.urls import path

from tongke.tmf.oauth import views

ENDPOINTS = {
    "oauth2/token": views.token, "oauth2/revoke": views.revoke, "oauth2/introspect": views.introspect,
    ".well-known/oauth-authorization-server": views.metadata,
}
urlpatterns = [path(address + end, view) for address, view in ENDPOINTS.items() for end in ("", "/")]
