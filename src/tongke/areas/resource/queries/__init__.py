"""Reads of the room resource."""

from tongke.areas.resource.queries.coverage import AccessPoint, Coverage, KindCoverage, PathStep, PlaceFound, coverage_at
from tongke.areas.resource.queries.naming import NameReading, read_name
from tongke.areas.resource.queries.network import (
    CommunityCoverage,
    PortCounts,
    ReservationSeen,
    coverage_by_community,
    equipment_seen,
    equipment_visible_to,
    port_counts,
    ports_of,
    reservations_running,
    reservations_seen,
    sites_visible_to,
)
from tongke.areas.resource.queries.numbers.desk import (
    allotments_of_block,
    allotments_of_pool,
    block_seen,
    blocks_visible_to,
    commitments_of_number,
    donors_known,
    hold_seen,
    holds_visible_to,
    leaving_cost,
    moves_of_number,
    number_figure_labels,
    number_figures,
    number_figures_at,
    number_seen,
    number_written,
    numbers_ported,
    numbers_visible_to,
    own_holds,
    pool_seen,
    pools_visible_to,
    range_seen,
    ranges_of_block,
    reservation_figure_labels,
    reservation_figures,
    reservation_figures_at,
    schedule_seen,
)
from tongke.areas.resource.queries.numbers.files import number_job, number_jobs, number_reject_lines, number_rejects
from tongke.areas.resource.queries.numbers.finding import FoundNumber, find_numbers
from tongke.areas.resource.queries.numbers.gauges import NumberCount, PoolGauge, number_counts, pool_gauges
from tongke.areas.resource.queries.numbers.grading import GradeAnswer, grade_by, grade_of, grade_rules_of, grades_of, schedule_at, schedules
from tongke.areas.resource.queries.numbers.taken import numbers_taken
from tongke.areas.resource.queries.places import (
    PlaceBelow,
    find_places,
    may_write_place,
    place_brief,
    place_names,
    place_seen,
    places_above,
    places_below,
)
from tongke.areas.resource.queries.served import Served, ServedLine, coverage_within, served_over
from tongke.areas.resource.queries.stock import (
    ItemSeen,
    OnHand,
    activation_code,
    available_to_promise,
    count_lines,
    counts_visible_to,
    deliveries_visible_to,
    item_history,
    item_models,
    item_seen,
    items_by_serial,
    items_of_place,
    stock_on_hand,
    stock_places,
    suppliers,
    transfer_lines,
    transfers_visible_to,
)
from tongke.areas.resource.queries.stock_files import stock_job, stock_jobs, stock_reject_lines, stock_rejects
from tongke.areas.resource.rules.addresses import keys_of
from tongke.areas.resource.rules.numbers import is_number_id, number_id, number_of
from tongke.areas.resource.rules.searching import NumberWish
from tongke.areas.resource.rules.stock import stock_id

__all__ = [
    "AccessPoint", "CommunityCoverage", "Coverage", "FoundNumber", "GradeAnswer", "ItemSeen", "KindCoverage", "NameReading",
    "NumberCount", "NumberWish", "OnHand", "PathStep", "PlaceBelow", "PlaceFound", "PoolGauge", "PortCounts", "ReservationSeen",
    "Served", "ServedLine", "activation_code", "allotments_of_block", "allotments_of_pool", "available_to_promise", "block_seen",
    "blocks_visible_to", "commitments_of_number", "count_lines", "counts_visible_to", "coverage_at", "coverage_by_community",
    "coverage_within", "deliveries_visible_to", "donors_known", "equipment_seen", "equipment_visible_to", "find_numbers",
    "find_places", "grade_by", "grade_of", "grade_rules_of", "grades_of", "hold_seen", "holds_visible_to", "is_number_id",
    "item_history", "item_models", "item_seen", "items_by_serial", "items_of_place", "keys_of", "leaving_cost", "may_write_place", "moves_of_number",
    "number_counts", "number_figure_labels", "number_figures", "number_figures_at", "number_id", "number_job", "number_jobs",
    "number_of", "number_reject_lines", "number_rejects", "number_seen", "number_written", "numbers_ported", "numbers_taken", "numbers_visible_to",
    "own_holds", "place_brief", "place_names", "place_seen", "places_above", "places_below", "pool_gauges", "pool_seen",
    "pools_visible_to", "port_counts", "ports_of", "range_seen", "ranges_of_block", "read_name", "reservation_figure_labels",
    "reservation_figures", "reservation_figures_at", "reservations_running",
    "reservations_seen", "schedule_at", "schedule_seen", "schedules", "served_over", "sites_visible_to", "stock_id", "stock_job",
    "stock_jobs", "stock_on_hand", "stock_places", "stock_reject_lines", "stock_rejects", "suppliers", "transfer_lines",
    "transfers_visible_to",
]
