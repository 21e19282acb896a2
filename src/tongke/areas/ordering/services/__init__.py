"""Verbs of the room ordering."""

from tongke.areas.ordering.services.qualification import Asked, QualificationDraft, Recheck, recheck_qualification, record_qualification
from tongke.areas.ordering.services.recorded import describe_qualification, discard_qualification

__all__ = [
    "Asked", "QualificationDraft", "Recheck", "describe_qualification", "discard_qualification", "recheck_qualification", "record_qualification",
]
