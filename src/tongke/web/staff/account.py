"""One's own account: password, second factor, sessions, posts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from tongke.areas.staff import queries, services
from tongke.areas.staff.errors import CodeRefused, PasswordWeak, SignInRefused, TooManyTries
from tongke.web.kit.layout import toast
from tongke.web.kit.page import go, render
from tongke.web.kit.widgets import KitForm
from tongke.web.staff import doors
from tongke.web.staff.frame import Deed, Door
from tongke.web.staff.sign_in import source_here


class Account(Door):
    """Who I am here, where I am signed in, and how I prove it."""

    title = _("My account")
    template = "staff/account.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return the account, its posts and its living sessions."""
        del request, kwargs
        account = queries.own_account(by=self.actor)
        return {
            "account": account, "org": queries.org_name(account.org_id), "posts": queries.own_posts(by=self.actor, at=self.at),
            "sessions": queries.own_sessions(by=self.actor, at=self.at), "codes_left": queries.recovery_codes_left(by=self.actor),
        }


class EndSessions(Deed):
    """Ending one of one's sessions, or all the others."""

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """End the session named in the form; without a name all others."""
        named = request.POST.get("session", "")
        if named:
            services.end_session(session_id=UUID(named) if _is_uuid(named) else UUID(int=0), by=self.actor, at=self.at)
            toast(request, _("The session has ended"))
        else:
            count = services.end_other_sessions(by=self.actor, at=self.at)
            toast(request, _("%(count)d other session(s) have ended") % {"count": count})
        return HttpResponseRedirect("/account")


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class PasswordForm(KitForm):
    """The old password once, the new one twice."""

    old = forms.CharField(label=_("Present password"), max_length=512, strip=False,
                          widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    new = forms.CharField(label=_("New password"), max_length=512, strip=False,
                          widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    again = forms.CharField(label=_("New password once more"), max_length=512, strip=False,
                            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def clean(self) -> dict[str, Any]:
        """Compare the two new ones."""
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("The two new passwords differ"))
        return data


class Password(Door):
    """Changing one's password; every session ends and one signs in anew."""

    title = _("Change password")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the form."""
        del request, kwargs
        return self._form(PasswordForm(), None)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Change it; wrong old passwords count as failed tries."""
        form = PasswordForm(request.POST)
        if not form.is_valid():
            return self._form(form, None, status=422)
        try:
            services.check_own_password(password=form.cleaned_data["old"], source=source_here(request), by=self.actor, at=self.at)
            services.change_own_password(old=form.cleaned_data["old"], new=form.cleaned_data["new"], by=self.actor, at=self.at)
        except (SignInRefused, PasswordWeak, TooManyTries) as fault:
            return self._form(form, doors.problem(fault), status=422)
        toast(request, _("The password was changed: sign in with the new one"))
        return go(request, "/sign-in")

    def _form(self, form: PasswordForm, problem: dict[str, str] | None, *, status: int = 200) -> HttpResponseBase:
        owed = bool(self.actor.extra.get("password_owed"))
        title, template = (_("Choose a password of your own"), "staff/first_password.html") if owed else (self.title, "staff/password.html")
        return render(self.request, template, {"title": title, "form": form, "problem": problem}, status=status)


class SecondFactor(Door):
    """Setting up, renewing and giving up the authenticator."""

    title = _("Second factor")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show how it stands."""
        del request, kwargs
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Do the step that the form's button names."""
        step, code = request.POST.get("step", ""), request.POST.get("code", "")[:40]
        try:
            if step == "begin":
                made = services.begin_second_factor(by=self.actor, at=self.at)
                return self._show(secret=made.secret, qr=Markup(made.qr_svg))  # noqa: S704 - drawn by the library, holds no text
            if step in {"confirm", "renew"}:
                verb = services.confirm_second_factor if step == "confirm" else services.renew_recovery_codes
                return self._show(codes=verb(code=code, by=self.actor, at=self.at))
            if step == "remove":
                services.remove_second_factor(code=code, source=source_here(request), by=self.actor, at=self.at)
                toast(request, _("The second factor was removed"))
        except (CodeRefused, TooManyTries) as fault:
            return self._show(problem=doors.problem(fault), retry=step == "confirm", status=422)
        return HttpResponseRedirect("/account/second-factor")

    def _show(self, *, status: int = 200, **shown: Any) -> HttpResponseBase:
        context = {"title": self.title, "secret": "", "qr": "", "codes": [], "problem": None, "retry": False,
                   "restricted": bool(self.actor.extra.get("restricted")), "account": queries.own_account(by=self.actor), **shown}
        return render(self.request, "staff/second_factor.html", context, status=status)
