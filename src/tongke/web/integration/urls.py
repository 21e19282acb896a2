"""Addresses of the pages about other systems and assistants."""

from __future__ import annotations

from django.urls import path

from tongke.web.integration import apis, assistant, clients

urlpatterns = [
    path("developers", apis.Developers.as_view(), name="developers"),
    path("developers/errors", apis.Errors.as_view(), name="developers-errors"),
    path("developers/apis/<str:base>/<str:version>", apis.ApiPage.as_view(), name="developers-api"),
    path("admin/clients", clients.Clients.as_view(), name="clients"),
    path("admin/clients/new", clients.ClientNew.as_view(), name="client-new"),
    path("admin/clients/<uuid:client_id>", clients.ClientPage.as_view(), name="client"),
    path("admin/clients/<uuid:client_id>/limits", clients.ClientLimits.as_view(), name="client-limits"),
    path("admin/clients/<uuid:client_id>/roles", clients.ClientRoles.as_view(), name="client-roles"),
    path("assistant-access", assistant.AssistantAccess.as_view(), name="assistant-access"),
    path("assistant-access/revoke", assistant.RevokeKey.as_view(), name="assistant-access-revoke"),
    path("assistant-calls", assistant.AssistantCalls.as_view(), name="assistant-calls"),
]
