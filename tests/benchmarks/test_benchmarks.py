"""Every benchmark runs, at a tiny size, and says whether its promise is kept."""

from __future__ import annotations

import math

import pytest

from tests.benchmarks.__main__ import ROOMS, cases, lines, main
from tests.benchmarks.figures import Figure


@pytest.mark.parametrize("name", cases(ROOMS))
def test_a_case_gives_figures(name):
    found = list(cases()[name](0.001))
    assert found
    for figure in found:
        assert figure.ours > 0 and (figure.beside == "–") == math.isnan(figure.theirs)
        assert len(figure.cells) == 7


def test_a_promise_is_kept_if_every_limit_is():
    assert Figure("x", 1.0).kept is None
    assert Figure("x", 1.0, limit=2).kept and not Figure("x", 3.0, limit=2).kept
    assert Figure("x", 1.0, "y", 2.0, most=0.6).kept
    assert not Figure("x", 1.0, "y", 2.0, limit=2, most=0.4).kept


def test_the_table_shows_units_and_ratios():
    shown = list(lines([Figure("x", 2e-4, "y", 4e-4, limit=5e-4, most=1)]))[-1].split("  ")
    cells = [cell.strip() for cell in shown if cell.strip()]
    assert cells == ["x", "200 µs", "y", "400 µs", "0.5", "< 500 µs, ratio < 1", "yes"]


def test_an_unknown_case_is_refused(capsys):
    assert main(["speed"]) == 2
    assert (
        "There is no speed. Have: one_baseline, many_baselines, one, grid"
        in capsys.readouterr().err
    )
