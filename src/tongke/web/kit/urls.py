"""Addresses of the frame itself: choices of looks, the palette's contents, the living style page."""

from __future__ import annotations

from django.urls import path

from tongke.web.kit import palette, preferences, style

urlpatterns = [
    path("preferences", preferences.choose, name="preferences"),
    path("person", preferences.PersonMenu.as_view(), name="person-menu"),
    path("palette", palette.contents, name="palette"),
    path("kit", style.StylePage.as_view(), name="kit"),
    path("kit/reveal", style.reveal, name="kit-reveal"),
    path("kit/progress", style.progress, name="kit-progress"),
    path("kit/list", style.SampleList.as_view(), name="kit-list"),
    path("kit/form", style.SampleForm.as_view(), name="kit-form"),
]
