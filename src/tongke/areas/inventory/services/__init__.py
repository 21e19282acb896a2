"""Verbs of the inventory room."""

from tongke.areas.inventory.services.lines import assign_payer, end_line, install_line, resume_line, suspend_line
from tongke.areas.inventory.services.migrating import (
    cancel_migration,
    migrate_product,
    plan_migration,
    reverse_migration,
    run_migration_chunk,
    start_migration,
)
from tongke.areas.inventory.services.moving import move_lines
from tongke.areas.inventory.services.numbers import take_numbers_in_use
from tongke.areas.inventory.services.products import (
    abort_product,
    activate_product,
    begin_product_termination,
    cancel_product,
    change_product,
    end_product,
    install_product,
    prepare_product,
    remove_product,
    resume_product,
    suspend_product,
)

__all__ = [
    "abort_product",
    "activate_product",
    "assign_payer",
    "begin_product_termination",
    "cancel_migration",
    "cancel_product",
    "change_product",
    "end_line",
    "end_product",
    "install_line",
    "install_product",
    "migrate_product",
    "move_lines",
    "plan_migration",
    "prepare_product",
    "remove_product",
    "resume_line",
    "resume_product",
    "reverse_migration",
    "run_migration_chunk",
    "start_migration",
    "suspend_line",
    "suspend_product",
    "take_numbers_in_use",
]
