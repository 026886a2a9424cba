"""Every row of ten Cochrane reviews: its published effect, interval and weight by our formulas.

tests/data/cochrane, data rows of the reviews' analysis data packages (sources in README there). The
files state no measure and no method: both are told from the printed numbers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bayes_ps.checks import StudyTableError
from bayes_ps.reviews import analyses, analysis
from bayes_ps.studies import read_cochrane

FILES = sorted((Path(__file__).parents[1] / "data" / "cochrane").glob("*-data-rows.csv"))
REVIEW = pytest.mark.parametrize("file", FILES, ids=[file.name[:8] for file in FILES])


@cache
def reviewed(file):
    """The analyses of a review that show an effect, and how many do not."""
    studies, found, empty = read_cochrane(file), [], 0
    for number in analyses(studies)["analysis"]:
        if studies.loc[studies["analysis"] == number, "published"].notna().any():
            found.append(analysis(studies, number, better="lower"))
            continue
        with pytest.raises(StudyTableError, match=f"Analysis {number} shows no effect in any of"):
            analysis(studies, number, better="lower")
        empty += 1
    return found, empty


@cache
def every_row():
    rows = [
        each.table.assign(review=file.name[:8], number=each.number, measure=each.measure)
        for file in FILES
        for each in reviewed(file)[0]
    ]
    return pd.concat(rows, ignore_index=True)


def test_ten_reviews_are_held():
    assert len(FILES) == 10
    assert sum(len(reviewed(file)[0]) for file in FILES) == 173
    assert sum(reviewed(file)[1] for file in FILES) == 5


@REVIEW
def test_every_effect_and_interval_is_the_published_one(file):
    for each in reviewed(file)[0]:
        shown = each.table.dropna(subset="published")
        assert (shown["off"] < 1e-4).all(), str(each)
        assert each.effects.k == len(shown)


@REVIEW
def test_every_weight_is_the_published_one(file):
    for each in reviewed(file)[0]:
        if each.scheme is None:
            printed = each.table["weight"].dropna()
            assert (printed == 0).all(), str(each)
            continue
        shown = each.table.dropna(subset=["published", "weight"])
        np.testing.assert_allclose(shown["our_weight"], shown["weight"], rtol=1e-3, atol=1e-6)


def test_how_many_rows_of_each_kind():
    rows = every_row()
    counted = rows[rows["published"].notna()].groupby("measure").size().to_dict()
    assert counted == {"RR": 322, "OR": 8, "PETO": 9, "MD": 163, "SMD": 505, "GEN": 215}
    assert rows["off"].notna().sum() == 1222


def test_the_one_pool_that_takes_a_ratio_of_1_where_everybody_had_the_event():
    """CD001703, 1.25: Atkinson 1998, 28 of 28 and 29 of 29, weight 16.593454 % among the TCAs."""
    file = next(f for f in FILES if f.name.startswith("CD001703"))
    found = next(each for each in reviewed(file)[0] if each.number == "1.25")
    row = found.table.set_index("study").loc["Atkinson 1998"]
    assert row["our_effect"] == 1.0
    assert row["our_weight"] == pytest.approx(16.593454, abs=1e-6)
    assert "28 of 28" not in str(found) and found.silent == ("Marks 2014",)
    assert found.scheme == ("MH", "DL") and found.within == "subgroup"


def test_subgroups_and_the_whole_by_the_review_s_method():
    """CD001703, 1.2 (pain at short term): DerSimonian-Laird in each class of drugs."""
    file = next(f for f in FILES if f.name.startswith("CD001703"))
    found = next(each for each in reviewed(file)[0] if each.number == "1.2")
    table = found.subgroups().set_index("subgroup")
    assert table["k"].sum() == found.effects.k == 16
    assert found.scheme == ("IV", "DL") and found.within == "subgroup"
    assert found.pooled().k == 16
    (note,) = found.notes
    assert note.startswith("The review totals each subgroup and not the whole")
    call = note[note.index("analysis.effects.where") :].removesuffix(".")
    assert eval(call, {"analysis": found}).k == table["k"]["SSRI"] == 3
    assert f"\nNote: {note}" in str(found)


def test_a_whole_that_the_review_totals_has_no_note():
    """CD014845, 1.1: generic inverse variance, weights over all rows."""
    file = next(f for f in FILES if f.name.startswith("CD014845"))
    found = next(each for each in reviewed(file)[0] if each.number == "1.1")
    assert (found.within, found.notes) == ("overall", ())
