"""Reads of the room ordering."""

from tongke.areas.ordering.queries.facts import Prospect, Wanted, facts_of
from tongke.areas.ordering.queries.plan_advice import Advice, PlanCost, plan_advice
from tongke.areas.ordering.queries.qualification import Qualification, qualify, qualify_as_if
from tongke.areas.ordering.queries.simulation import Buyer, quote_as_data, simulate_price

__all__ = [
    "Advice", "Buyer", "PlanCost", "Prospect", "Qualification", "Wanted", "facts_of", "plan_advice", "qualify", "qualify_as_if",
    "quote_as_data", "simulate_price",
]
