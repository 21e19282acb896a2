"""Every Open API that is served: the files of ``tongke.tmf.api`` that hold an ``API`` or ``APIS``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from tongke.tmf.kit.declared import Api, Resource, Told
from tongke.tmf.kit.kept import AttributesKept


@cache
def all_apis() -> tuple[Api, ...]:
    """Return the APIs by number and version."""
    package = import_module("tongke.tmf.api")
    found: list[Api] = []
    for module in iter_modules(package.__path__):
        held = import_module(f"tongke.tmf.api.{module.name}")
        found += getattr(held, "APIS", [])
    return tuple(sorted(found, key=lambda api: (api.number, api.version)))


@cache
def all_resources() -> tuple[tuple[Api, Resource], ...]:
    """Return every resource with its API."""
    return tuple((api, resource) for api in all_apis() for resource in api.resources)


def _attributes_kept(resource: Resource) -> Told:
    return Told(event=AttributesKept, type=f"{resource.type}AttributeValueChangeEvent", when=lambda fact: fact.get("resource") == resource.stored_as)


@cache
def subscribed(wire: str) -> tuple[tuple[Api, Resource, Told], ...]:
    """Return the official events as which an event of ours is told; a change of what is kept beside a record is one of its attributes."""
    if wire == AttributesKept.wire:
        return tuple((api, resource, _attributes_kept(resource)) for api, resource in all_resources()
                     if f"{resource.type}AttributeValueChangeEvent" in {told.type for told in resource.told})
    return tuple((api, resource, told) for api, resource in all_resources() for told in resource.told if told.event.wire == wire)
