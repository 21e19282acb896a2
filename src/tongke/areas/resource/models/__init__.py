"""Records of the resource room, by noun."""

from tongke.areas.resource.models.grades import Grade, GradeRule, GradeSchedule
from tongke.areas.resource.models.holds import NumberCommitment, NumberHold
from tongke.areas.resource.models.network import Access, Equipment, Port, Site
from tongke.areas.resource.models.numbers import Number, NumberMove
from tongke.areas.resource.models.places import Place, PlaceName
from tongke.areas.resource.models.policy import ResourceFigure
from tongke.areas.resource.models.pools import NumberAllotment, NumberBlock, NumberPool, NumberRange
from tongke.areas.resource.models.reservation import Reservation, ReservationLine
from tongke.areas.resource.models.stock import Delivery, ItemModel, StockItem, StockLevel, StockMove, StockPlace, Supplier
from tongke.areas.resource.models.stock_papers import StockCount, StockCountLine, StockTransfer, StockTransferLine

__all__ = [
    "Access", "Delivery", "Equipment", "Grade", "GradeRule", "GradeSchedule", "ItemModel", "Number", "NumberAllotment", "NumberBlock",
    "NumberCommitment", "NumberHold", "NumberMove", "NumberPool", "NumberRange", "Place", "PlaceName", "Port", "Reservation",
    "ReservationLine", "ResourceFigure", "Site", "StockCount", "StockCountLine", "StockItem", "StockLevel", "StockMove", "StockPlace",
    "StockTransfer", "StockTransferLine", "Supplier",
]
