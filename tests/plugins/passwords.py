"""Passwords in tests: the same method as in the house, at a fraction of its price.

A real hash takes a hundred megabytes and all cores for a moment, and nearly every test makes a person.
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 at the smallest figures that it takes."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
