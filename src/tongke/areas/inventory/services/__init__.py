"""Verbs of the inventory room."""

from tongke.areas.inventory.services.lines import assign_payer, end_line, install_line, resume_line, suspend_line
from tongke.areas.inventory.services.moving import move_lines
from tongke.areas.inventory.services.products import end_product, install_product

__all__ = [
    "assign_payer", "end_line", "end_product", "install_line", "install_product", "move_lines", "resume_line", "suspend_line",
]
