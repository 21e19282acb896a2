"""Verbs of the room ordering."""

from tongke.areas.ordering.services.qualification import Asked, QualificationDraft, record_qualification
from tongke.areas.ordering.services.rechecking import FACTS, Moved, Recheck, recheck_qualification
from tongke.areas.ordering.services.recorded import describe_qualification, discard_qualification

__all__ = [
    "FACTS", "Asked", "Moved", "QualificationDraft", "Recheck", "describe_qualification", "discard_qualification", "recheck_qualification", "record_qualification",
]
