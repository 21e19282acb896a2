"""Verbs of the room ordering."""

from tongke.areas.ordering.services.qualification import Asked, QualificationDraft, Recheck, recheck_qualification, record_qualification

__all__ = ["Asked", "QualificationDraft", "Recheck", "recheck_qualification", "record_qualification"]
