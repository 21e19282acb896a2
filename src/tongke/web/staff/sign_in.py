"""The pages before and after a session: sign-in, second step, sign-out, change of post."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views import View

from tongke.areas.staff import services
from tongke.areas.staff.errors import CodeRefused, NoPost, SignInRefused, TooManyTries
from tongke.areas.staff.services import Source
from tongke.kernel.actor import NOBODY, system_actor
from tongke.kernel.errors import NotFound
from tongke.web.kit.page import render
from tongke.web.session import session_key
from tongke.web.staff import doors, single_sign_on
from tongke.web.staff.frame import Deed

DOORKEEPER = system_actor("sign-in")


class SignIn(View):
    """User name and password."""

    public = True

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the form; whoever is signed in goes home."""
        if request.actor is not NOBODY:  # type: ignore[attr-defined]  # set by ActorMiddleware
            return HttpResponseRedirect(doors.local_address(request.GET.get("next", "/")))
        return self._form(request, status=200)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Try to sign in."""
        at = request.at  # type: ignore[attr-defined]  # set by ActorMiddleware
        username, password = request.POST.get("username", ""), request.POST.get("password", "")
        onward = request.POST.get("next", "/")
        try:
            welcome = services.sign_in(
                username=username, password=password, source=doors.source_for(request, username),
                replaces=session_key(request), by=DOORKEEPER, at=at,
            )
        except (SignInRefused, TooManyTries, NoPost) as fault:
            return self._form(request, status=fault.status, problem=doors.problem(fault), username=username)
        if welcome.key:
            return doors.admit(request, welcome, onward=onward)
        return doors.ask_second_factor(welcome, onward=onward, at=at)

    @staticmethod
    def _form(request: HttpRequest, *, status: int, **shown: Any) -> HttpResponseBase:
        onward = doors.local_address(request.POST.get("next") or request.GET.get("next", "/"))
        context = {"username": "", "problem": None, "onward": onward, "provider": single_sign_on.provider(), **shown}
        return render(request, "staff/sign_in.html", context, status=status)


class SecondStep(View):
    """The code of the authenticator, or a recovery code."""

    public = True

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the form, if a password was right just before."""
        if doors.second_step(request, at=request.at) is None:  # type: ignore[attr-defined]  # set by ActorMiddleware
            return HttpResponseRedirect("/sign-in")
        return render(request, "staff/sign_in_code.html", {"problem": None})

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Check the code."""
        at = request.at  # type: ignore[attr-defined]  # set by ActorMiddleware
        step = doors.second_step(request, at=at)
        if step is None:
            return HttpResponseRedirect("/sign-in")
        staff_id, account, onward = step
        source = doors.source_of(request, account=account)
        try:
            welcome = services.show_second_factor(
                staff_id=staff_id, code=request.POST.get("code", "")[:40], source=source, replaces=session_key(request),
                by=DOORKEEPER, at=at,
            )
        except (CodeRefused, TooManyTries, NoPost) as fault:
            return render(request, "staff/sign_in_code.html", {"problem": doors.problem(fault)}, status=fault.status)
        return doors.admit(request, welcome, onward=onward)


class SignOut(View):
    """The end of a session."""

    public = True

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """End the session here and on the server."""
        key = session_key(request)
        if key:
            services.sign_out(key=key, by=DOORKEEPER, at=request.at)  # type: ignore[attr-defined]  # set by ActorMiddleware
        answer = HttpResponseRedirect("/sign-in")
        answer.delete_cookie(settings.STAFF_COOKIE, samesite="Lax")
        answer["Clear-Site-Data"] = '"cache", "storage"'
        return answer


class SwitchPost(Deed):
    """Going on at another of one's own posts."""

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Switch and go home: what was open may lie outside the new post's scope."""
        try:
            post_id = UUID(request.POST.get("post", ""))
        except ValueError:
            raise NotFound(field="post") from None
        services.switch_post(post_id=post_id, by=self.actor, at=self.at)
        return HttpResponseRedirect("/")


def source_here(request: HttpRequest) -> Source:
    """Return where a signed-in person's request comes from."""
    return doors.source_for(request, request.actor.name)  # type: ignore[attr-defined]  # set by ActorMiddleware
