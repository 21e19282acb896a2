"""Addresses of the pages about other systems and assistants."""

from __future__ import annotations

from django.urls import path

from tongke.web.integration import apis, assistant, clients, subscriptions

urlpatterns = [
    path("developers", apis.Developers.as_view(), name="developers"),
    path("developers/errors", apis.Errors.as_view(), name="developers-errors"),
    path("developers/apis/<str:base>/<str:version>", apis.ApiPage.as_view(), name="developers-api"),
    path("admin/clients", clients.Clients.as_view(), name="clients"),
    path("admin/clients/new", clients.ClientNew.as_view(), name="client-new"),
    path("admin/clients/<uuid:client_id>", clients.ClientPage.as_view(), name="client"),
    path("admin/clients/<uuid:client_id>/limits", clients.ClientLimits.as_view(), name="client-limits"),
    path("admin/clients/<uuid:client_id>/roles", clients.ClientRoles.as_view(), name="client-roles"),
    path("admin/subscriptions", subscriptions.Subscriptions.as_view(), name="subscriptions"),
    path("admin/subscriptions/<uuid:subscription_id>", subscriptions.SubscriptionPage.as_view(), name="subscription"),
    path("admin/dead-letters", subscriptions.DeadLetters.as_view(), name="dead-letters"),
    path("admin/dead-letters/<int:letter>", subscriptions.Letter.as_view(), name="dead-letter"),
    path("admin/waiting-events", subscriptions.WaitingEvents.as_view(), name="waiting-events"),
    path("admin/callback-targets", subscriptions.Targets.as_view(), name="callback-targets"),
    path("admin/callback-targets/new", subscriptions.TargetNew.as_view(), name="callback-target-new"),
    path("operations/set-aside-events", subscriptions.SetAside.as_view(), name="set-aside-events"),
    path("assistant-access", assistant.AssistantAccess.as_view(), name="assistant-access"),
    path("assistant-access/revoke", assistant.RevokeKey.as_view(), name="assistant-access-revoke"),
    path("assistant-calls", assistant.AssistantCalls.as_view(), name="assistant-calls"),
]
