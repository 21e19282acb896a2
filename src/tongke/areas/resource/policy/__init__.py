"""Dated figures of policy of the resource room, by noun."""

from tongke.areas.resource.policy.network import NETWORK_LABELS, ReservationPolicy, reservation_policy_at
from tongke.areas.resource.policy.numbers import LABELS, NumberPolicy, policy_at

__all__ = ["LABELS", "NETWORK_LABELS", "NumberPolicy", "ReservationPolicy", "policy_at", "reservation_policy_at"]
