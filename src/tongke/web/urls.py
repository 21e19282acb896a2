"""Addresses of the pages: every web folder brings its own ``urls.py``."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

from django.urls import URLPattern, URLResolver, include, path

import tongke.web


def folders() -> list[str]:
    """Return the modules that hold the addresses of each web folder, in folder order."""
    found = [f"tongke.web.{folder.name}.urls" for folder in pkgutil.iter_modules(tongke.web.__path__) if folder.ispkg]
    return [module for module in found if importlib.util.find_spec(module) is not None]


urlpatterns: list[URLPattern | URLResolver] = [path("", include(importlib.import_module(module))) for module in folders()]
