"""Words and life cycles of the ordering room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongke.kernel.machine import Machine


class QualificationState(models.TextChoices):
    """States of a qualification as a task (TMF679)."""

    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    IN_PROGRESS = "inProgress", _("In progress")
    DONE = "done", _("Done")
    TERMINATED = "terminatedWithError", _("Ended with an error")


Q = QualificationState
QUALIFICATION = Machine("qualification", QualificationState, initial=Q.ACKNOWLEDGED, moves={
    "start": ([Q.ACKNOWLEDGED], Q.IN_PROGRESS), "finish": ([Q.ACKNOWLEDGED, Q.IN_PROGRESS], Q.DONE),
    "fail": ([Q.ACKNOWLEDGED, Q.IN_PROGRESS], Q.TERMINATED),
}, words={"start": _("Begin the check"), "finish": _("Finish the check"), "fail": _("Break the check off")})


class Outcome(models.TextChoices):
    """What the rules say of an offering."""

    ELIGIBLE = "eligible", _("May be ordered")
    CONDITIONAL = "conditional", _("May be ordered under conditions")
    REFUSED = "refused", _("May not be ordered")


class ItemAction(models.TextChoices):
    """What would be done with the offering (TMF679)."""

    ADD = "add", _("Add")
    MODIFY = "modify", _("Change")
    DELETE = "delete", _("End")
    NO_CHANGE = "noChange", _("Leave as it is")
