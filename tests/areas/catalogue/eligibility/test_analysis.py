"""Circles and contradictions: found where they are, with the way; not where there is a way out."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tongke.areas.catalogue.rules.eligibility import Named, Offer, RuleVersion, parameters_of
from tongke.areas.catalogue.rules.eligibility.analysis import flaws_of

CODES = ("A", "B", "C", "D", "E")


def world(**parts: tuple[str, ...]) -> list[Offer]:
    """Five offerings on sale, and bundles of them."""
    return [Offer(code=c, kind="mobile", name=Named(c, c)) for c in CODES] + [
        Offer(code=code, kind="bundle", name=Named(code, code), parts=inside) for code, inside in parts.items()]


def needs(code: str, *targets: str, **more: Any) -> RuleVersion:
    """Let one offering require any of others."""
    return RuleVersion(code=f"{code}>{'|'.join(targets)}", kind="requires", subject_kind="offering", subject_code=code,
                       parameters=parameters_of("requires", {"offerings": list(targets), **more}))


def excludes(code: str, *targets: str, **more: Any) -> RuleVersion:
    """Let one offering exclude others."""
    return RuleVersion(code=f"{code}×{'|'.join(targets)}", kind="excludes", subject_kind="offering", subject_code=code,
                       parameters=parameters_of("excludes", {"offerings": list(targets), **more}))


def told(*rules: RuleVersion, **parts: tuple[str, ...]) -> set[tuple[str, str]]:
    """Return kind and path of every flaw."""
    return {(flaw.kind, " ".join(flaw.path)) for flaw in flaws_of(rules, world(**parts))}


def test_a_circle_is_told_once_with_its_way() -> None:
    """Wherever the walk enters it; what merely leads to it is not in it."""
    circle = (needs("A", "B"), needs("B", "C"), needs("C", "A"))
    assert told(*circle) == {("circle", "A B C A")}
    assert told(*circle, needs("D", "A")) == {("circle", "A B C A")}
    assert told(needs("A", "A")) == {("circle", "A A")}


def test_a_way_out_is_no_circle() -> None:
    """An alternative that can be had, or a bundle that has all of them."""
    assert told(needs("A", "B"), needs("B", "C"), needs("C", "A", "D")) == set()
    assert told(needs("A", "B"), needs("B", "A"), BUN=("A", "B")) == set()
    assert told(needs("A", "B"), needs("B", "A"), BUN=("A", "C")) == {("circle", "A B A")}
    assert told(needs("A", "B"), needs("B", "A", "C"), needs("C", "A")) == {("circle", "A B A")}


def test_two_circles_are_two() -> None:
    """Each has its own path."""
    assert told(needs("A", "B"), needs("B", "A"), needs("C", "D"), needs("D", "C")) == {("circle", "A B A"), ("circle", "C D C")}


def test_contradictions_through_requirements() -> None:
    """Directly, through others, between two that both must be had, and by what all alternatives need."""
    assert told(needs("A", "B"), excludes("A", "B")) == {("contradiction", "A B × A")}
    assert told(needs("A", "B"), needs("B", "C"), excludes("C", "A")) == {("contradiction", "A B C × A")}
    assert ("contradiction", "A B × A C") in told(needs("A", "B"), needs("A", "C"), excludes("B", "C"))
    assert told(needs("A", "B", "C"), excludes("A", "B")) == set()
    assert ("contradiction", "A B D × A") in told(needs("A", "B", "C"), needs("B", "D"), needs("C", "D"), excludes("A", "D"))


def test_exclusion_on_one_line_contradicts_only_on_one_line() -> None:
    """What must be with the customer may be on another line."""
    assert told(needs("A", "B"), excludes("A", "B", where="line")) == set()
    assert told(needs("A", "B", where="line"), excludes("A", "B", where="line")) == {("contradiction", "A B × A")}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CODES), st.lists(st.sampled_from(CODES), min_size=1, max_size=2, unique=True)), max_size=7))
def test_what_is_told_is_what_can_never_be_ordered(edges: list[tuple[str, list[str]]]) -> None:
    """A circle is told exactly where some offering cannot be reached by ordering one after the other."""
    rules = [needs(code, *targets) for code, targets in edges]
    had: set[str] = set()
    for _step in CODES:
        had |= {c for c in CODES if all(set(targets) & had for code, targets in edges if code == c)}
    circles = [flaw for flaw in flaws_of(rules, world()) if flaw.kind == "circle"]
    assert bool(circles) == (had != set(CODES))
    for flaw in circles:
        assert flaw.path[0] == flaw.path[-1]
        assert not set(flaw.path) & had
