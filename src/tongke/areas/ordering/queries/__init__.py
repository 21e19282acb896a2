"""Reads of the room ordering."""

from tongke.areas.ordering.queries.benefits import Given, benefits_of
from tongke.areas.ordering.queries.facts import Prospect, Wanted, facts_of
from tongke.areas.ordering.queries.plan_advice import Advice, PlanCost, plan_advice
from tongke.areas.ordering.queries.qualification import Qualification, qualify, qualify_as_if
from tongke.areas.ordering.queries.recorded import Recorded, qualification_of, qualifications_of
from tongke.areas.ordering.queries.simulation import Buyer, quote_as_data, simulate_price

__all__ = [
    "Advice", "Buyer", "Given", "PlanCost", "Prospect", "Qualification", "Recorded", "Wanted", "benefits_of", "facts_of", "plan_advice",
    "qualification_of", "qualifications_of", "qualify", "qualify_as_if", "quote_as_data", "simulate_price",
]
