"""Addresses of the whole house."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

handler400 = "tongke.web.kit.refusals.bad_request"
handler403 = "tongke.web.kit.refusals.forbidden"
handler404 = "tongke.web.kit.refusals.not_found"
handler500 = "tongke.config.faults.server_fault"


def _where(module: str, prefix: str = "") -> list[URLPattern | URLResolver]:
    """Include the addresses of a floor that has any."""
    return [path(prefix, include(module))] if find_spec(module) is not None else []


urlpatterns: list[URLPattern | URLResolver] = [*_where("tongke.tmf.oauth.urls"), *_where("tongke.tmf.urls"), *_where("tongke.web.urls")]
