"""Verbs of the room resource."""

from tongke.areas.resource.rules.searching import NumberWish
from tongke.areas.resource.rules.serials import ItemDraft
from tongke.areas.resource.services.counting import cancel_count, close_count, finish_count, open_count, reopen_count, scan_count
from tongke.areas.resource.services.describing import describe_place, describe_site
from tongke.areas.resource.services.network import (
    add_ports,
    change_equipment_state,
    change_site_state,
    move_equipment,
    record_access,
    record_equipment,
    record_site,
    retire_access,
)
from tongke.areas.resource.services.numbers.blocks import end_block, give_range, record_block, take_range_back
from tongke.areas.resource.services.numbers.bulk import resume_number_job, stop_number_job
from tongke.areas.resource.services.numbers.figures import set_number_figure, set_reservation_figure
from tongke.areas.resource.services.numbers.gauging import gauge_pools
from tongke.areas.resource.services.numbers.grading import (
    GradeDraft,
    RuleDraft,
    draft_schedule,
    redraft_schedule,
    regrade_pool,
    release_schedule,
    withdraw_schedule,
)
from tongke.areas.resource.services.numbers.holding import (
    Assignment,
    Hold,
    claim_number,
    confirm_hold,
    extend_hold,
    hold_number,
    release_hold,
)
from tongke.areas.resource.services.numbers.keeping import (
    block_number,
    mend_number,
    report_number_fault,
    reserve_number,
    unblock_number,
    unreserve_number,
)
from tongke.areas.resource.services.numbers.life import (
    Release,
    cool_number,
    free_number,
    pass_number_on,
    port_in,
    port_out,
    reassign_number,
    release_number,
    resume_number,
    return_ported_in,
    suspend_number,
    take_back_ported_out,
)
from tongke.areas.resource.services.numbers.pools import (
    PoolChange,
    allot_range,
    change_pool,
    close_pool,
    end_allotment,
    move_range,
    open_pool,
)
from tongke.areas.resource.services.numbers.sweeping import Swept, sweep_numbers
from tongke.areas.resource.services.numbers.taking import take_numbers
from tongke.areas.resource.services.places import add_place_name, change_place_state, record_place, rename_place
from tongke.areas.resource.services.ports import commission_port, mend_port, report_port_faulty
from tongke.areas.resource.services.receiving import ItemRow, receive_item, receive_item_row, receive_items
from tongke.areas.resource.services.receiving_files import StockFile, begin_stock_job, receive_rows, stop_stock_job
from tongke.areas.resource.services.reservation_ends import (
    confirm_reservation,
    expire_reservations,
    extend_reservation,
    free_ports_of_service,
    release_order,
    release_reservation,
)
from tongke.areas.resource.services.reservations import Reserved, reserve_item, reserve_port
from tongke.areas.resource.services.stock import (
    find_item,
    hand_out_item,
    install_item,
    mend_item,
    record_item_model,
    record_stock_place,
    record_supplier,
    report_item_faulty,
    report_item_lost,
    restock_item,
    scrap_item,
    send_item_to_repair,
    set_stock_level,
    take_back_item,
)
from tongke.areas.resource.services.transfers import receive_transfer, send_transfer, settle_transfer

__all__ = [
    "Assignment", "GradeDraft", "Hold", "ItemDraft", "ItemRow", "NumberWish", "PoolChange", "Release", "Reserved", "RuleDraft",
    "StockFile", "Swept", "add_place_name", "add_ports", "allot_range", "begin_stock_job", "block_number", "cancel_count",
    "change_equipment_state", "change_place_state", "change_pool", "change_site_state", "claim_number", "close_count", "close_pool",
    "commission_port", "confirm_hold", "confirm_reservation", "cool_number", "describe_place", "describe_site", "draft_schedule",
    "end_allotment", "end_block", "expire_reservations", "extend_hold", "extend_reservation", "find_item", "finish_count",
    "free_number", "free_ports_of_service", "gauge_pools", "give_range", "hand_out_item", "hold_number", "install_item",
    "mend_item", "mend_number", "mend_port", "move_equipment", "move_range", "open_count", "open_pool", "pass_number_on", "port_in",
    "port_out", "reassign_number", "receive_item", "receive_item_row", "receive_items", "receive_rows", "receive_transfer",
    "record_access", "record_block", "record_equipment", "record_item_model", "record_place", "record_site", "record_stock_place",
    "record_supplier", "redraft_schedule", "regrade_pool", "release_hold", "release_number", "release_order", "release_reservation",
    "release_schedule", "rename_place", "reopen_count", "report_item_faulty", "report_item_lost", "report_number_fault",
    "report_port_faulty", "reserve_item", "reserve_number", "reserve_port", "restock_item", "resume_number", "resume_number_job",
    "retire_access", "return_ported_in", "scan_count", "scrap_item", "send_item_to_repair", "send_transfer", "set_number_figure",
    "set_reservation_figure", "set_stock_level", "settle_transfer", "stop_number_job", "stop_stock_job", "suspend_number",
    "sweep_numbers", "take_back_item", "take_back_ported_out", "take_numbers", "take_range_back", "unblock_number", "unreserve_number",
    "withdraw_schedule",
]
