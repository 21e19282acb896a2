"""Refusals of the staff room that callers may catch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused


class SignInRefused(Refused):
    """User name or password is wrong, or the account is closed: the answer never tells which."""

    code = "SEC-02"
    says = _("The user name or the password is not right")
    mend = _("Check both and try again, or ask your administrator for a new password")
    status = 401


class TooManyTries(Refused):
    """This browser or address has to wait before it may try this account again."""

    code = "SEC-03"
    says = _("Too many failed tries from here: wait {seconds} seconds")
    mend = _("Wait, then try again; a browser that you have signed in with before is not affected by the tries of others")
    status = 429


class NoPost(Refused):
    """The person holds no post at this time."""

    code = "SEC-04"
    says = _("You hold no valid post")
    mend = _("Ask your administrator to give you a post")
    status = 403


class CodeRefused(Refused):
    """The second factor's code is wrong, old or was used before."""

    code = "SEC-05"
    says = _("The code is not right or was used before")
    mend = _("Wait for the next code of your authenticator, or use a recovery code")
    status = 401


class SignInNeeded(Refused):
    """Nobody is signed in, or the session has ended."""

    code = "SEC-06"
    says = _("You are not signed in, or your session has ended")
    mend = _("Sign in and try again")
    status = 401


class PasswordWeak(Refused):
    """The new password breaks the password policy."""

    code = "SEC-07"
    says = _("This password cannot be used: {reasons}")
    mend = _("Choose a longer one that others would not guess; several words in a row are good")
    status = 422


class ApprovalNeeded(Refused):
    """The verb needs a second person's approval, and there is none that fits and still holds."""

    code = "SEC-08"
    says = _("This needs the approval of a second person")
    mend = _("Ask for the approval, wait for the answer, then repeat")
    status = 403


class PurposeNeeded(Refused):
    """Personal data is revealed only for a stated purpose."""

    code = "SEC-09"
    says = _("Say what you need the data for")
    mend = _("Choose a purpose from the list or write one of at least four characters")
    status = 422


class IdentityUnknown(Refused):
    """The identity provider knows the person, this house does not."""

    code = "SEC-10"
    says = _("This single sign-on identity belongs to no active staff account")
    mend = _("Ask your administrator to enter the identity in your staff account")
    status = 403


class ProviderFailed(Refused):
    """The identity provider's answer cannot be trusted or understood."""

    code = "SEC-11"
    says = _("Single sign-on did not work: {reason}")
    mend = _("Start the sign-in again; if it fails again, sign in with your password")
    status = 502


class PasswordOwed(Refused):
    """The password was given by somebody else: its owner chooses another before anything else."""

    code = "SEC-14"
    says = _("Your password was given to you: choose one of your own first")
    mend = _("Sign in on the web page and choose a new password there")
    status = 403


class NotRestorable(Refused):
    """The trail's row has no state before, or belongs to a record that is not restored from here."""

    code = "SEC-12"
    says = _("This entry of the audit trail cannot be restored")
    mend = _("Choose an entry of a staff account or a role that shows a state before")
    status = 422


class AssistantKeyRefused(Refused):
    """The key of an assistant is unknown, has expired or was taken back: the answer never tells which."""

    code = "SEC-40"
    says = _("This key does not open Tongke, or no longer does")
    mend = _("Make a new one on the page Assistant access")
    status = 401


class AssistantTooFast(Refused):
    """One key called more often than policy allows."""

    code = "SEC-41"
    says = _("This key may be used {most} times a minute, and was")
    mend = _("Wait {seconds} seconds")
    status = 429


class AssistantReadsOnly(Refused):
    """The key was made for reading."""

    code = "SEC-42"
    says = _("This key may only read")
    mend = _("Make a key that may also record, on the page Assistant access")
    status = 403


class AssistantKeyNotHere(Refused):
    """Keys are made and taken back by the person at the page, fully signed in, never by what acts for the person."""

    code = "SEC-43"
    says = _("Keys for assistants are managed only by yourself, signed in on the page")
    mend = _("Sign in, with your second factor where you have one, and open the page Assistant access")
    status = 403


class ClientRefused(Refused):
    """A machine client's id or secret is wrong, it is ended, or comes from elsewhere: the answer never tells which."""

    code = "SEC-15"
    says = _("The client's id or secret is not right")
    mend = _("Check both; a secret that was lost is replaced with `tongke client rotate`")
    status = 401


class TokenRefused(Refused):
    """The bearer token is unknown, expired or revoked, or its client is ended or comes from elsewhere."""

    code = "SEC-16"
    says = _("The token is not valid, or not any more")
    mend = _("Ask /oauth2/token for a new one")
    status = 401


class ScopeRefused(Refused):
    """The client asked for scope words that name nothing it holds."""

    code = "SEC-17"
    says = _("These words of the scope name nothing that the client holds: {words}")
    mend = _("Ask for less, or for no scope at all")
    status = 400


class ClientHoldsNothing(Refused):
    """The client's roles carry no permission, or a second person has not approved them yet."""

    code = "SEC-18"
    says = _("The client holds no permission")
    mend = _("Wait until its roles are approved, or ask an administrator for a role")
    status = 403


class TooManyRequests(Refused):
    """The client has spent its permits of the minute."""

    code = "SEC-19"
    says = _("More requests than agreed for this client: wait {seconds} seconds")
    mend = _("Wait, then go on more slowly, or ask for a higher rate")
    status = 429
