"""Addresses of the pages about other systems and assistants."""

from __future__ import annotations

from django.urls import path

from tongke.web.integration import assistant

urlpatterns = [
    path("assistant-access", assistant.AssistantAccess.as_view(), name="assistant-access"),
    path("assistant-access/revoke", assistant.RevokeKey.as_view(), name="assistant-access-revoke"),
    path("assistant-calls", assistant.AssistantCalls.as_view(), name="assistant-calls"),
]
