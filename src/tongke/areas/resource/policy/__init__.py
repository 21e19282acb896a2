"""Dated figures of policy of the resource room, by noun."""

from tongke.areas.resource.policy.numbers import LABELS, NumberPolicy, policy_at

__all__ = ["LABELS", "NumberPolicy", "policy_at"]
