"""Records of the resource room, by noun."""

from tongke.areas.resource.models.grades import Grade, GradeRule, GradeSchedule
from tongke.areas.resource.models.holds import NumberCommitment, NumberHold
from tongke.areas.resource.models.numbers import Number, NumberMove
from tongke.areas.resource.models.policy import ResourceFigure
from tongke.areas.resource.models.pools import NumberAllotment, NumberBlock, NumberPool, NumberRange

__all__ = [
    "Grade", "GradeRule", "GradeSchedule", "Number", "NumberAllotment", "NumberBlock", "NumberCommitment", "NumberHold", "NumberMove",
    "NumberPool", "NumberRange", "ResourceFigure",
]
