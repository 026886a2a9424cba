"""The report: order, sentences, frame; and that examining changes nothing."""

from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest

from bayes_ps.checks import StudyTableError
from bayes_ps.doctor import examine
from bayes_ps.doctor.digits import decimals, half_unit
from bayes_ps.doctor.names import trial_of


def table():
    return pd.DataFrame(
        {
            "study": ["A 2001", "A 2001", "B 2002"],
            "outcome": ["pain", "sleep", "pain"],
            "instrument": ["NRS 0-10", "PSQI", "NRS 0-10"],
            "n_t": [30, 30, 41],
            "mean_t": [5.0, 11.5, 4.0],
            "sd_t": [2.0, 0.5, 2.2],
            "n_c": [30, 30, 40],
            "mean_c": [5.5, 12.5, 14.1],
            "sd_c": [2.1, 3.0, 2.0],
            "base_n_t": [30, 30, 40],
        }
    )


def test_the_most_certain_comes_first_and_nothing_is_changed():
    studies = table()
    report = examine(studies)
    assert [(each.sure, each.row, each.column) for each in report] == [
        ("certain", 3, "mean_c"),
        ("likely", 3, "n_t"),
        ("look", 2, "sd_t"),
    ]
    pd.testing.assert_frame_equal(studies, table())


def test_sentences_and_frame():
    report = examine(table())
    text = str(report)
    assert text.startswith("3 findings in 3 rows: 1 certain, 1 likely, 1 look.")
    assert 'certain: outside the range. "B 2002" (row 3), mean_c = 14.1.' in text
    assert "A mean of 14.1 cannot be on a scale from 0 to 10" in text
    frame = report.to_frame()
    assert frame.columns.tolist() == [
        *("study", "row", "column", "value", "rule", "why", "sure", "mend"),
    ]
    assert frame["value"].tolist() == [14.1, 41, 0.5]
    assert len(report.of(study="B 2002")) == 2 and len(report.of(rule="counts")) == 1
    with pytest.raises(FrozenInstanceError):
        report.rows = 4


def test_a_sound_table_is_one_sentence():
    report = examine(table().iloc[[0]])
    assert str(report) == "Nothing stands out in 1 row."
    assert report.to_frame().empty and not len(report)


def test_mends_pick_one_row_by_name_or_by_label():
    named = examine(table()).of(rule="SE typed as SD").findings[0].mend
    assert 'row = (studies["study"] == "A 2001") & (studies["outcome"] == "sleep")' in named
    alike = table().assign(outcome="pain", instrument="PSQI")
    alike.index = [7, 8, 9]
    label = examine(alike).of(rule="SE typed as SD").findings[0].mend
    assert "studies.index.isin([8])" in label
    for mend, at in ((named, 1), (label, 8)):
        names = {"studies": table() if at == 1 else alike.copy()}
        exec(mend, names)
        changed = names["studies"]["sd_t"]
        assert changed[at] == pytest.approx(0.5 * 30**0.5)
        assert (changed.drop(at) == table()["sd_t"].iloc[[0, 2]].to_numpy()).all()


def test_mends_make_room_in_columns_of_integers():
    studies = table().assign(n_c=[30, 30, -40])
    names = {"studies": studies}
    exec(examine(studies).of(rule="counts").findings[0].mend, names)
    assert np.isnan(names["studies"].loc[2, "n_c"])


@pytest.mark.parametrize("index", [[0, 0, 0], ["a", "b", "c"], [3, 1, 2]])
def test_any_index(index):
    studies = table().assign(study="A 2001", outcome="pain")
    studies.index = index
    names = {"studies": studies.copy()}
    exec(examine(studies).of(rule="outside the range").findings[0].mend, names)
    assert names["studies"]["mean_c"].isna().tolist() == [False, False, True]


def test_what_cannot_be_examined():
    with pytest.raises(StudyTableError, match='no column "study"'):
        examine(pd.DataFrame({"name": ["a"]}))
    with pytest.raises(StudyTableError, match="icc is a correlation"):
        examine(table(), icc=3.0)
    assert not examine(pd.DataFrame({"study": []})).findings


@pytest.mark.parametrize(
    ("value", "places"), [(3.0, 0), (3.47, 2), (1e-05, 5), (1.5e-05, 6), (1e22, 0), (0.1, 1)]
)
def test_digits(value, places):
    assert decimals(value) == places
    assert half_unit(value) == pytest.approx(0.5 * 10**-places)


def test_names_of_trials():
    assert trial_of("Smith 2010a") == trial_of("Smith 2010 (arm 2)") == "smith 2010"
    assert trial_of("NCT04480463") == "nct04480463"


@pytest.mark.parametrize("seed", range(20))
def test_no_table_breaks_it(seed):
    """Gaps, infinities, zeros, negatives and texts in any column; warnings are errors here."""
    rng = np.random.default_rng(seed)
    odd = np.array([np.nan, np.inf, -np.inf, 0.0, -3.0, 1.0, 2.5, 40.0, 1e300, 1e-300])
    columns = [
        *("n_t", "mean_t", "sd_t", "se_t", "events_t", "n_c", "mean_c", "sd_c", "events_c"),
        *("base_n_t", "base_mean_t", "base_sd_t", "base_n_c", "base_mean_c", "base_sd_c"),
        *("change_n_t", "change_mean_t", "change_sd_t", "estimate", "se", "ci_low", "ci_high"),
        *("p", "published", "published_low", "published_high", "weight", "followup", "low", "high"),
    ]
    studies = pd.DataFrame({name: rng.choice(odd, 30) for name in columns}).astype(object)
    studies.iloc[3, 2] = "n.r."
    studies.insert(0, "study", [f"S {j % 7}" for j in range(30)])
    report = examine(studies, measure=[None, "MD", "RR"][seed % 3], r=0.5, icc=0.1)
    assert report.of(rule="not a number")
    assert str(report) and len(report.to_frame()) == len(report)
