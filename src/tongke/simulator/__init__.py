"""An operator in miniature: people, companies, lines, usage, bills, contacts, and churn with known causes."""

from tongke.simulator.block import ground_truth
from tongke.simulator.load import Filled, fill

__all__ = ["Filled", "fill", "ground_truth"]
