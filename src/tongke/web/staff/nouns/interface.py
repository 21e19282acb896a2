"""What the audit trail calls the records of the open interface and their fields, and those of assistants' keys."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

NOUNS: dict[str, Any] = {
    "staff_personal_token": _("Assistant's key"), "tmf_allowed_target": _("Allowed target of events"),
    "tmf_document": _("Document of the open interface"), "tmf_extension": _("Extension of the open interface"),
    "tmf_subscription": _("Subscription to events"),
}
FIELDS: dict[str, Any] = {
    "api": _("Open API"), "callback": _("Address that events are sent to"), "client_id": _("Machine client"), "content": _("Content"),
    "held": _("Rights of the subscriber"), "owner": _("Subscriber"), "post_id": _("Post"), "query": _("Condition on events"),
    "record_id": _("Record's key"), "resource": _("Resource of the interface"), "revoked_at": _("Withdrawn at"), "secret": _("Secret (sealed)"),
    "topic_id": _("Topic"), "writing": _("May also write"),
}
