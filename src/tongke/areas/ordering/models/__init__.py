"""Records of the room ordering."""

from tongke.areas.ordering.models.qualification import Qualification, QualificationItem

__all__ = ["Qualification", "QualificationItem"]
