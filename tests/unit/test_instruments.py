"""Instruments: ranges and directions as their papers print them; matching that never guesses."""

import pandas as pd
import pytest

from bayes_ps.checks import StudyTableError
from bayes_ps.studies.instrument_table import instruments, stated_range, versions
from bayes_ps.studies.scales import with_instruments


@pytest.mark.parametrize(
    ("name", "low", "high", "better", "items"),
    [
        ("RMDQ", 0, 24, "lower", 24),  # Roland & Morris 1983: 24 yes/no statements
        ("Oswestry", 0, 100, "lower", 10),
        ("Pain Catastrophising Scale", 0, 52, "lower", 13),  # Sullivan 1995: 13 items of 0-4
        ("TSK-17", 17, 68, "lower", 17),  # 17 items of 1-4
        ("PSEQ", 0, 60, "higher", 10),  # Nicholas 2007: 10 items of 0-6
        ("HADS-D", 0, 21, "lower", 7),
        ("BDI-II", 0, 63, "lower", 21),
        ("phq9", 0, 27, "lower", 9),
        ("GAD-7", 0, 21, "lower", 7),
        ("KOOS pain", 0, 100, "higher", 9),
        ("EQ VAS", 0, 100, "higher", 1),
        ("WOMAC function 0-68", 0, 68, "lower", 17),
    ],
)
def test_ranges_and_directions(name, low, high, better, items):
    found = instruments(name)
    assert (found.low, found.high, found.better, found.items) == (low, high, better, items)


def test_every_row_is_sound():
    table = instruments()
    assert table["name"].is_unique
    assert table["source"].str.len().min() > 8
    assert set(table["better"]) == {"lower", "higher"}
    bounded = table.dropna(subset=["low", "high"])
    assert (bounded["low"] < bounded["high"]).all()
    # a sum of whole-number items has a whole range, so many points an item in each
    sums = bounded[(bounded["score"] == "sum") & bounded["items"].notna()]
    width = sums["high"] - sums["low"]
    uneven = sums.loc[width % sums["items"] != 0, "name"]
    assert set(uneven) == {"HAM-D 17"}  # its items have ranges of their own


def test_steps():
    assert instruments("RMDQ").step == 1
    assert instruments("BPI pain interference").step == pytest.approx(1 / 7)
    assert instruments("ODI").step is None
    assert str(instruments("RMDQ")).startswith("RMDQ: 0 to 24, lower is better (doi:10.1097/")


def test_a_name_of_several_versions_is_not_guessed():
    with pytest.raises(StudyTableError, match=r"'VAS' is 2 instruments: VAS 0-100, VAS 0-10"):
        instruments("VAS")
    assert instruments("VAS (0-100)").high == 100
    # the same letters for a scale where lower is better and one where higher is
    assert {each.better for each in versions("PCS")} == {"lower", "higher"}


def test_an_unknown_name_says_what_is_near():
    with pytest.raises(StudyTableError, match=r"Near: .*RMDQ"):
        instruments("RMDQQ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("disability (RMDQ, 0 to 24) at short-term follow-up (> 4 to 16 weeks)", (0, 24)),
        ("at short-term follow-up (> 4 to 16 weeks)", None),
        ("at 24 to 48 weeks", None),
        ("after 2 to 3 days", None),
        ("SF-36", None),
        ("VAS 0-10", (0, 10)),
    ],
)
def test_ranges_in_text_are_not_follow_up_times(text, expected):
    assert stated_range(text) == expected


def table():
    return pd.DataFrame(
        {
            "study": list("abcdef"),
            "instrument": ["RMDQ", "VAS", "KOOS pain", "my own scale", None, "RMDQ 0-100"],
            "better": [None, None, "lower", None, None, None],
        }
    )


def test_only_what_is_empty_and_certain_is_filled():
    before = table()
    filled = with_instruments(before)
    pd.testing.assert_frame_equal(before, table())
    assert filled["low"].tolist()[:3] == [0, 0, 0]
    assert filled["high"].isna().tolist() == [False, True, False, True, True, False]
    assert filled["high"].tolist()[5] == 100  # the range in the text wins
    assert filled["better"].fillna("").tolist() == ["lower", "lower", "lower", "", "", "lower"]
    assert filled["instrument_matched"].tolist()[:4] == [
        "RMDQ",
        "VAS 0-100 or VAS 0-10",
        "KOOS pain",
        "",
    ]
    notes = " ".join(filled.attrs["notes"])
    assert '"my own scale" is no instrument of the table.' in notes
    assert '"KOOS pain" is lower is better in the file, and higher in the table: kept.' in notes


def test_a_studies_table_keeps_its_notes():
    from bayes_ps.studies.studies import remembering

    filled = with_instruments(remembering(table(), "a.csv", ("one",)))
    assert type(filled).__name__ == "Studies"
    assert filled.notes[0] == "one" and len(filled.notes) > 1 and filled.source == "a.csv"


def test_without_the_column():
    with pytest.raises(StudyTableError, match='no column "instrument"'):
        with_instruments(pd.DataFrame({"study": ["a"]}))
