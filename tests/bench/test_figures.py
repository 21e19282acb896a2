"""Figures and the load generator."""

from __future__ import annotations

import pytest

from bench.figures import Figure, Timing, p99_figure, rate_figure
from bench.load import BadAnswer, interleaved
from bench.run import arguments, table
from tongke.cli.bench import words_of


def test_ratios_are_turned_so_that_larger_is_better() -> None:
    fast, slow = Timing([0.001] * 100, 1.0), Timing([0.004] * 50, 1.0)
    rate = rate_figure("x", [slow], [fast], size=1, clients=1, reach=0.6)
    assert (rate.ratio, rate.ok) == (0.5, False)
    latency = p99_figure("x", [slow], [fast], size=1, clients=1, reach=0.25)
    assert (latency.ratio, latency.ok) == (0.25, True)


def test_the_document_has_the_fields_of_the_promise() -> None:
    figure = Figure(name="a", size=1, clients=2, figure=3.0, unit="ms", reference=4.0, ratio=1.3, reach=0.5)
    assert set(figure.document()) == {"name", "size", "clients", "figure", "unit", "reference", "ratio", "reach", "ok"}
    assert "yes" in table([figure.document()])


def test_both_sides_run_in_turn_with_all_clients() -> None:
    def quick(_number: int):  # noqa: ANN202 - a client's call
        return lambda: sum(range(200))

    def slow(_number: int):  # noqa: ANN202 - a client's call
        return lambda: sum(range(20_000))

    ours, theirs = interleaved(quick, slow, clients=3, rounds=2, seconds=0.2)
    assert len(ours) == len(theirs) == 2
    assert ours[0].rate > theirs[0].rate > 0


def test_a_failing_client_ends_the_run_with_its_words() -> None:
    def broken(_number: int):  # noqa: ANN202 - a client's call
        def call() -> None:
            raise ValueError("no such row")

        return call

    with pytest.raises(BadAnswer, match="no such row"):
        interleaved(broken, clients=2, rounds=1, seconds=0.1)


def test_the_command_line_is_handed_on() -> None:
    words = words_of(["list-page"], everything=False, size=10_000, clients=1, as_json=True)
    found = arguments(words)
    assert (found.names, found.size, found.clients, found.json) == (["list-page"], 10_000, 1, True)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(SystemExit) as refused:
        arguments(["customer-fly"])
    assert refused.value.code == 2
