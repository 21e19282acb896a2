"""Addresses of the staff pages."""

from __future__ import annotations

from django.urls import path

from tongke.web.staff import sign_in

urlpatterns = [
    path("sign-in", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/code", sign_in.SecondStep.as_view(), name="sign-in-code"),
    path("sign-out", sign_in.SignOut.as_view(), name="sign-out"),
    path("posts/switch", sign_in.SwitchPost.as_view(), name="switch-post"),
]
