"""Addresses of all Open APIs. A slash at the end changes nothing and redirects nowhere."""

from __future__ import annotations

import re
from typing import Any

from django.urls import URLPattern, re_path

from tongke.tmf.hub import views as hub
from tongke.tmf.hub.topic_views import patterns as topic_patterns
from tongke.tmf.kit import views
from tongke.tmf.kit.declared import Api, Resource
from tongke.tmf.kit.openapi import FILE, listed_apis, openapi_file
from tongke.tmf.kit.registry import all_apis

KEY = r"(?P<record>[^/]{1,200})"


SUBSCRIBE = "integration.subscribe"
TOPICS = ("integration.view", SUBSCRIBE)


def _path(pattern: str, view: Any, name: str, **given: Any) -> URLPattern:
    """Return an address; one of the permissions that its operations ask for is asked for before the view runs."""
    shown = views.answered(view)
    resource: Resource | None = given.get("resource")
    shown.permission = TOPICS if resource is None else resource.permissions  # type: ignore[attr-defined]  # read by the middleware
    return re_path(rf"^{pattern}/?$", shown, given, name=name)


def _resource(api: Api, resource: Resource, root: str, number: int) -> list[URLPattern]:
    name = f"tmf-{api.number}-{api.version}-{resource.name}" + (f"-{number}" if number else "")
    base = f"{root}/{resource.within}{resource.name}" if resource.within else f"{root}/{resource.name}"
    more = {"more": views.below} if resource.narrowed else {}
    return [
        _path(base, views.collection, name, api=api, resource=resource, **more),
        _path(f"{base}/{KEY}", views.entry, f"{name}-entry", api=api, resource=resource),
    ]


def patterns_of(api: Api) -> list[URLPattern]:
    """Return the addresses of one API under each of its roots."""
    out: list[URLPattern] = []
    for number, root in enumerate(api.roots):
        if not number:
            out.append(re_path(rf"^{root}/{re.escape(FILE)}$", openapi_file, {"api": api}, name=f"tmf-{api.number}-{api.version}-openapi"))
        inside = any(resource.within and not resource.narrowed for resource in api.resources)
        if inside:
            out += topic_patterns(api, root, _path)
        for resource in () if inside else api.resources:
            out += _resource(api, resource, root, number)
        name = f"tmf-{api.number}-{api.version}-hub" + (f"-{number}" if number else "")
        out += [
            _path(f"{root}/hub", hub.hub, name, api=api),
            _path(rf"{root}/hub/(?P<key>[^/]{{1,200}})", hub.hub_entry, f"{name}-entry", api=api),
        ]
    return out


def urlpatterns() -> list[URLPattern]:
    """Return the patterns of every API, their more special ones first, and the end of all below ``tmf-api``."""
    out = [pattern for api in all_apis() for pattern in patterns_of(api)]
    out.append(re_path(r"^developers/apis\.json$", listed_apis, name="developers-apis"))
    nothing = views.answered(views.nothing_here)
    nothing.permission = ""  # type: ignore[attr-defined]  # there is nothing here for anybody
    out.append(re_path(r"^tmf-api(?:/.*)?$", nothing, name="tmf-nothing"))
    return out


