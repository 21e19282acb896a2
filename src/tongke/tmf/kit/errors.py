"""Refusals of the API, each with a code, and the official body in which every error leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.kernel.actor import NotPermitted
from tongke.kernel.errors import Refused, RulesBroken
from tongke.tmf.kit.mapping import api_root

REASONS: Mapping[int, Any] = {
    400: _("Bad request"), 401: _("Not authenticated"), 403: _("Not permitted"), 404: _("Not found"), 405: _("Method not allowed"),
    406: _("Not acceptable"), 409: _("Conflict"), 412: _("Precondition failed"), 413: _("Body too large"), 415: _("Unsupported media type"),
    422: _("A rule stands against it"), 428: _("Precondition required"), 429: _("Too many requests"), 501: _("Not served"),
}


class UnknownAttribute(Refused):
    """The query names an attribute that the resource does not have."""

    code = "TMF-01"
    says = _("{resource} has no attribute {name}")
    mend = _("Take the names of attributes from the API's description; nested ones are joined by dots")
    status = 400


class UnfitQuery(Refused):
    """A part of the query cannot be read."""

    code = "TMF-02"
    says = _("{name}: {value} cannot be used here")
    mend = _("Correct the query and ask again")
    status = 400


class UnfitBody(Refused):
    """The body is no JSON document that can be taken."""

    code = "TMF-03"
    says = _("The body cannot be read: {what}")
    mend = _("Send one JSON document in UTF-8, without repeated names, NaN or control characters")
    status = 400


class UnfitDocument(Refused):
    """Attributes of the document are missing, unknown in form, or not the sender's to set; all are listed."""

    code = "TMF-04"
    says = _("{what}")
    mend = _("Correct the attributes named and send the document again")
    status = 400

    def __init__(self, faults: Sequence[Mapping[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(what="; ".join(f"{fault['path']}: {fault['message']}" for fault in self.faults))


class BodyTooLarge(Refused):
    """The body is larger than any document can be."""

    code = "TMF-05"
    says = _("The body has more than {limit} bytes")
    mend = _("Send less at a time; files go as attachments by reference")
    status = 413


class UnsupportedMedia(Refused):
    """The body's type is not one that the operation takes."""

    code = "TMF-06"
    says = _("The media type {given} is not taken here")
    mend = _("Use one of: {known}")
    status = 415


class ChangedMeanwhile(Refused):
    """``If-Match`` names another version than the present one."""

    code = "TMF-07"
    says = _("The document was changed by someone else meanwhile")
    mend = _("Read it again, look at its new state and repeat your change with the new ETag")
    status = 412


class PatchUnfit(Refused):
    """The patch cannot be applied to the document as it is."""

    code = "TMF-08"
    says = _("The patch cannot be applied: {what}")
    mend = _("Read the document again and correct the patch")
    status = 400


class NotServed(Refused):
    """The operation exists officially, but not for this resource here."""

    code = "TMF-09"
    says = _("{method} is not available for {resource}")
    mend = _("Allowed here: {allowed}")
    status = 405

    def __init__(self, *, method: str, resource: str, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)
        super().__init__(method=method, resource=resource, allowed=", ".join(allowed))


class TooSlow(Refused):
    """The query would read more than one request may."""

    code = "TMF-10"
    says = _("The query would take too long")
    mend = _("Narrow it: filter by an indexed attribute such as id, status or a date, or ask for fewer rows")
    status = 400


class AlreadyThere(Refused):
    """The same thing exists already."""

    code = "TMF-11"
    says = _("{what} exists already")
    mend = _("Use the existing one")
    status = 409


class UnknownReference(Refused):
    """A document refers to something that is not there, or not to be seen."""

    code = "TMF-12"
    says = _("{path}: nothing with the id {value} was found in your area of responsibility")
    mend = _("Check the reference; ids of other systems are not taken here")
    status = 422


class NotTaken(Refused):
    """Attributes were sent that the record cannot hold as they are; nothing is dropped in silence, so all was undone."""

    code = "TMF-13"
    says = _("These attributes cannot be set this way: {paths}")
    mend = _("Leave them out; the record keeps: {kept}")
    status = 422


def error_body(refused: Refused, *, status: int | None = None) -> dict[str, Any]:
    """Return the official error document of a refusal, in the active language; every broken rule is listed by itself."""
    code = status or refused.status
    body: dict[str, Any] = {
        "code": refused.code, "reason": str(REASONS.get(code, REASONS[400])),
        "message": " ".join(part for part in (refused.message, refused.advice) if part), "status": str(code),
        "referenceError": f"{api_root()}/developers/errors#{refused.code}", "@type": "Error",
    }
    if isinstance(refused, RulesBroken):
        body["details"] = [{"code": b.code, "path": b.field, "message": b.message, "mend": b.advice} for b in refused.broken]
    elif isinstance(refused, UnfitDocument):
        body["details"] = [dict(fault) for fault in refused.faults]
    elif isinstance(refused, NotPermitted):
        # Programs ask for a right by its code; people read its name in the message.
        body["permission"] = str(refused.values["permission"])
    elif refused.field:
        body["details"] = [{"code": refused.code, "path": refused.field, "message": refused.message, "mend": refused.advice}]
    return body
