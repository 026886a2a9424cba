"""Numbers as text: by hand."""

import math

import pytest

from bayes_ps import words


@pytest.mark.parametrize(
    ("width", "places"),
    [(6.26, 2), (99.9, 1), (100, 0), (4e5, 0), (1, 2), (0.5, 3), (0.0123, 4), (1e-30, 12)],
)
def test_an_interval_shows_three_digits_of_its_width(width, places):
    assert words.decimals(width) == places


@pytest.mark.parametrize("width", [0, -1, math.inf, math.nan])
def test_a_width_that_is_none_gets_two_decimals(width):
    assert words.decimals(width) == 2


def test_an_interval_is_the_estimate_with_its_ends():
    assert words.interval(-3.4849, -6.6149, -0.3451) == "-3.48 (-6.61 to -0.35)"
    assert words.interval(-10.22, -10.2201, -10.0) == "-10.220 (-10.220 to -10.000)"
    assert words.interval(1234.5, 0, 5000) == "1234 (0 to 5000)"


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "< 0.001"),
        (0.000499, "< 0.001"),
        (0.0005, "0.001"),
        (0.07555, "0.076"),
        (0.99949, "0.999"),
        (0.9995, "> 0.999"),  # "1.000" would be a rounded 1
        (1 - 1e-12, "> 0.999"),
        (1.0, "> 0.999"),
    ],
)
def test_a_probability_is_never_a_rounded_0_or_1(p, text):
    assert words.probability(p) == text
