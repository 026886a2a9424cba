"""`read_cochrane` on ten Cochrane reviews: every row, its kind, and what its own numbers say.

The reviews' data packages, doi:10.1002/14651858.<ID>; CD004376 has analyses 1 and 2 only.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bayes_ps.studies import read_cochrane

FOLDER = Path(__file__).parents[1] / "data" / "cochrane"
KINDS = {  # continuous, dichotomous, inverse variance
    "CD000219-pub5": (0, 71, 0),
    "CD001703-pub4": (69, 50, 0),
    "CD004376-pub4": (365, 182, 0),
    "CD012170-pub2": (0, 0, 59),
    "CD013331-pub2": (29, 11, 0),
    "CD013508-pub3": (115, 7, 0),
    "CD013571-pub2": (47, 18, 0),
    "CD013853-pub2": (18, 17, 12),
    "CD014845-pub2": (51, 0, 133),
    "CD015804-pub2": (6, 46, 11),
}
SHOWN = ["published", "published_low", "published_high"]


def review(name):
    return read_cochrane(FOLDER / f"{name}-data-rows.csv")


def matches(value, published):
    """To the six decimals that the file prints."""
    return np.abs(value - published) <= 1e-6 * np.maximum(1, np.abs(published))


@pytest.mark.parametrize("name", KINDS)
def test_rows_and_kinds(name):
    table = review(name)
    counts = table["data_type"].value_counts()
    kinds = ("continuous", "dichotomous", "inverse variance")
    assert tuple(counts.get(kind, 0) for kind in kinds) == KINDS[name]
    raw = pd.read_csv(FOLDER / f"{name}-data-rows.csv")
    assert table["study"].tolist() == raw["Study"].tolist()
    for ours, theirs in zip(
        [*SHOWN, "weight"], ["Mean", "CI start", "CI end", "Weight"], strict=True
    ):
        np.testing.assert_array_equal(table[ours], raw[theirs])
    assert set(table["review"]) == {f"10.1002/14651858.{name.replace('-', '.')}"}


@pytest.mark.parametrize("name", KINDS)
def test_the_published_effect_is_one_of_the_rows_own_numbers(name):
    """A row read as the wrong kind would fit none of the measures of its kind."""
    table = review(name)
    table = table[table["published"].notna()]
    shown = table["published"]
    fits = pd.Series(False, index=table.index)
    if "mean_t" in table:
        n, md = table["n_t"] + table["n_c"], table["mean_t"] - table["mean_c"]
        pooled = (table["n_t"] - 1) * table["sd_t"] ** 2 + (table["n_c"] - 1) * table["sd_c"] ** 2
        smd = md / np.sqrt(pooled / (n - 2)) * (1 - 3 / (4 * n - 9))
        fits |= matches(md, shown) | matches(smd, shown)
    if "events_t" in table:
        fits |= _two_by_two(table, shown)
    if "estimate" in table:
        fits |= matches(table["estimate"], shown) | matches(np.exp(table["estimate"]), shown)
    assert fits.all(), table.loc[~fits, ["analysis", "study", "data_type", "published"]]


def _two_by_two(table, shown):
    """RR and OR, with 0.5 in each cell if one is 0, RD, and Peto's odds ratio.

    In CD001703 analysis 1.25 all of Atkinson 1998 have the event (28/28, 29/29): RevMan prints
    the RR of the cells as they are, 1, where 0.5 would give 0.9994.
    """
    a, b = table["events_t"], table["n_t"] - table["events_t"]
    c, d = table["events_c"], table["n_c"] - table["events_c"]
    total = a + b + c + d
    expected = (a + c) * (a + b) / total
    variance = (a + b) * (c + d) * (a + c) * (b + d) / (total**2 * (total - 1))
    found = matches(a / (a + b) - c / (c + d), shown) | matches(
        np.exp((a - expected) / variance), shown
    )
    found |= matches((a / (a + b)) / (c / (c + d)), shown) & (a > 0) & (c > 0)
    half = 0.5 * ((a == 0) | (b == 0) | (c == 0) | (d == 0))
    a, b, c, d = a + half, b + half, c + half, d + half
    return found | matches((a / (a + b)) / (c / (c + d)), shown) | matches(a * d / (b * c), shown)


@pytest.mark.parametrize("name", KINDS)
def test_rows_without_an_effect_have_no_event_or_no_standard_deviation(name):
    table = review(name)
    silent = table[table["published"].isna()].reindex(
        columns=["events_t", "events_c", "sd_t", "sd_c"]
    )
    no_event = silent["events_t"] + silent["events_c"] == 0
    no_spread = (silent["sd_t"] == 0) | (silent["sd_c"] == 0)
    assert (no_event | no_spread).all()


def test_single_rows_as_the_files_print_them():
    table = review("CD001703-pub4").set_index("study")
    konno = table.loc["Konno 2016"].iloc[0]
    assert konno[["n_t", "mean_t", "sd_t", "n_c", "mean_c", "sd_c"]].tolist() == [
        230, -16.4, 24.27, 226, -12.4, 22.55,
    ]  # fmt: skip
    assert konno[[*SHOWN, "analysis"]].tolist() == [-4, -8.298994, 0.298994, "1.1"]
    row = review("CD012170-pub2").iloc[1]
    assert row[["study", "estimate", "se", "n_t", "n_c"]].tolist() == [
        "Maddison 2023", 0.6201, 0.1678, 81, 69,
    ]  # fmt: skip
    assert row[["rob_measurement", "rob_missing", "rob_overall"]].tolist() == [
        "high", "some concerns", "high",
    ]  # fmt: skip
