"""Addresses of the role homes and of the notification tray."""

from __future__ import annotations

from django.urls import path

from tongke.web.home import pages, tray

urlpatterns = [
    path("", pages.Home.as_view(), name="home"),
    path("cards/<slug:key>", pages.CardPart.as_view(), name="home-card"),
    path("notifications", tray.Notifications.as_view(), name="notifications"),
    path("notifications/tray", tray.Tray.as_view(), name="notifications-tray"),
    path("notifications/count", tray.Count.as_view(), name="notifications-count"),
]
