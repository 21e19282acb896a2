"""Reads of the inventory room."""

from tongke.areas.inventory.queries.lines import (
    LineBrief,
    line_brief,
    lines_of_customer,
    lines_shown,
    payers_of_line,
    products_of_customer,
    products_of_line,
    roles_of_line,
)
from tongke.areas.inventory.queries.panels import PANELS

__all__ = ["PANELS", "LineBrief", "line_brief", "lines_of_customer", "lines_shown", "payers_of_line", "products_of_customer", "products_of_line", "roles_of_line"]
