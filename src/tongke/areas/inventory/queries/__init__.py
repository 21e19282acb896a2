"""Reads of the inventory room."""

from tongke.areas.inventory.queries.lines import (
    LineBrief,
    line_brief,
    line_with_number,
    lines_of_customer,
    lines_shown,
    payers_of_line,
    products_of_customer,
    products_of_line,
    roles_of_line,
)
from tongke.areas.inventory.queries.migrating import (
    Change,
    Listed,
    Unread,
    migration_job,
    migration_jobs,
    migration_preview,
    migration_rejects,
    products_listed,
    products_of_version,
    rejects_as_csv,
)
from tongke.areas.inventory.queries.panels import PANELS
from tongke.areas.inventory.queries.usage import HeldProduct, UsedLine, UsedMonth, line_with_usage, lines_on_offers

__all__ = [
    "PANELS",
    "Change",
    "HeldProduct",
    "LineBrief",
    "Listed",
    "Unread",
    "UsedLine",
    "UsedMonth",
    "line_brief",
    "line_with_number",
    "line_with_usage",
    "lines_of_customer",
    "lines_on_offers",
    "lines_shown",
    "migration_job",
    "migration_jobs",
    "migration_preview",
    "migration_rejects",
    "payers_of_line",
    "products_listed",
    "products_of_customer",
    "products_of_line",
    "products_of_version",
    "rejects_as_csv",
    "roles_of_line",
]
