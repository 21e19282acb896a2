"""The mapping language: which columns of which files become which records."""

from tongke.exchange.mapping.load import LoadedMapping, load_mapping, shipped_mappings
from tongke.exchange.mapping.model import Mapping
from tongke.exchange.mapping.plan import FlowPlan, MappedRecord, RecordPlan, plan_flows

__all__ = [
    "FlowPlan", "LoadedMapping", "MappedRecord", "Mapping", "RecordPlan", "load_mapping", "plan_flows", "shipped_mappings",
]
