"""The validation page is that of today's comparisons, and none of them goes."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.validation import page, registry

# The number of comparisons of each module of cases. It may grow.
LEAST = {
    "cases_baseline": 5451,
    "cases_influence": 1491,
    "cases_levels": 245,
    "cases_regression": 1590,
    "cases_small_study": 889,
    "cases_two_by_two": 297,
}


def test_no_comparison_goes():
    found = Counter(module for module, _, _ in registry.every_comparison())
    assert set(found) == set(LEAST), "a module of cases needs its number in LEAST"
    assert all(found[module] >= least for module, least in LEAST.items()), found


def test_nothing_is_counted_twice():
    found = Counter(
        (program, each.method, each.dataset, each.quantity)
        for _, program, each in registry.every_comparison()
    )
    assert not [name for name, times in found.items() if times > 1]


def test_every_comparison_agrees():
    wrong = [each for *_, each in registry.every_comparison() if not each.agrees]
    assert not wrong, wrong[:5]


def test_the_page_counts_what_is_compared():
    now = page.counted("\n".join(page.rows()))
    assert page.counted(page.PAGE.read_text()) == now, "write it: python -m tests.validation"


def test_the_page_says_what_agrees_what_does_not_and_what_is_not_compared():
    text = page.PAGE.read_text()
    for heading in ("What agrees", "What does not agree, and why", "What is not compared"):
        assert f"\n## {heading}" in text
    for module in registry.modules():
        for name in ("DISAGREES", "NOT_COMPARED"):
            assert getattr(module, name, "").rstrip() in text, "python -m tests.validation"


@pytest.mark.parametrize(
    ("ours", "difference", "agrees"),
    [(2.0, 0.0, True), (2.0002, 1e-4, False), (2.0 + 2e-12, 1e-12, True), (float("nan"), 0, False)],
)
def test_a_comparison_can_fail(ours, difference, agrees):
    case = registry.Compared("m", "d", "q", ours, 2.0, 2e-12, 2.0)
    assert case.agrees is agrees
    if ours == ours:
        assert case.difference == pytest.approx(difference, rel=1e-3)
