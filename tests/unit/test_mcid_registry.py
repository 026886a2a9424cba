"""The registry of published MCIDs: found by name, made into an MCID, with its caveats."""

import pytest

from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.decision import MCID, mcids, published_mcid


def test_all_rows_have_what_they_need():
    table = mcids()
    assert len(table) == 46 and (table["value"] > 0).all()
    assert not (table[["unit", "source", "source_url", "quote", "population"]] == "").any().any()
    assert set(table["status"]) == {"primary", "secondary", "to be checked"}
    assert table.loc[table["source"].str.contains("secondary"), "status"].eq("secondary").all()
    for row in table.index[table["unit"] != "% of baseline"]:
        assert isinstance(published_mcid(row=row), MCID)


def test_found_by_outcome_and_instrument():
    assert set(mcids("PAIN", "vas 0-100")["value"]) == {11.9, 6.8, 19.9, 15.3, 18, 8, 11.1, 15}
    assert mcids(instrument="Oswestry")["value"].tolist() == [10]
    assert len(mcids("pain")) < len(mcids())


def test_one_row_with_its_caveats():
    """Tubach 2005, knee osteoarthritis, 19.9 mm, through the table of another paper."""
    found = published_mcid("pain", "VAS", population="knee osteoarthritis")
    assert (found.value, found.unit, found.method) == (19.9, "mm (0-100)", "anchor")
    assert (found.kind, found.instrument) == ("within patient", "VAS 0-100 mm")
    assert "secondary source" in found.caveat and "'none' vs 'good' response" in found.caveat
    assert "Tubach" in found.source


def test_another_range_of_the_scale():
    found = published_mcid(instrument="NRS", population="161 chronic", unit="points (0-100)")
    assert (found.value, found.unit) == (20, "points (0-100)")
    assert "2 points (0-10) was scaled in proportion to points (0-100)" in found.caveat
    assert published_mcid(row=5, unit="points (0-100)").value == 19.9
    with pytest.raises(UnitError, match="cannot be put into 'SD units'"):
        published_mcid(row=5, unit="SD units")
    with pytest.raises(UnitError, match="relative to each patient's start"):
        published_mcid(row=1)


def test_per_cent_of_a_stated_baseline():
    """Salaffi 2004: 15 % of a mean of 60 on 0-100 is 9 points."""
    found = published_mcid(row=1, baseline=60, unit="points (0-100)")
    assert (found.value, found.unit) == (9, "points (0-100)")
    assert "15 % of baseline was taken of a mean of 60 points (0-100)" in found.caveat
    for wrong in ({"baseline": 60}, {"unit": "points"}, {"baseline": -1, "unit": "points"}):
        with pytest.raises(UnitError, match=r"published_mcid\(row=1, baseline=60, unit="):
            published_mcid(row=1, **wrong)
    with pytest.raises(UnitError, match="not in % of baseline: leave baseline=60 out"):
        published_mcid(row=5, baseline=60)


def test_an_instrument_of_several_values_names_them_all():
    with pytest.raises(BayesPSError) as caught:
        published_mcid("pain", "WOMAC")
    said = str(caught.value)
    assert "6 published MCIDs fit" in said and "as in published_mcid(row=" in said
    assert said.count("\n  row ") == 6 and "12 % of baseline, WOMAC 0-96" in said


def test_several_rows_are_listed():
    with pytest.raises(BayesPSError) as caught:
        published_mcid("pain", "VAS 0-100 mm", direction="improvement")
    said = str(caught.value)
    assert "6 published MCIDs fit" in said and "row 5: 19.9 mm (0-100), VAS 0-100 mm" in said
    with pytest.raises(BayesPSError, match="fits all of this"):
        published_mcid("pain", "NRS", direction="worsening")


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ({"outcome": "pian"}, "'pain'"),
        ({"instrument": "WOMACC"}, "WOMAC"),
        ({"instrument": "oswestri disability"}, "Have: "),
    ],
)
def test_near_matches_are_named(asked, near):
    with pytest.raises(BayesPSError, match=near):
        mcids(**asked)


def test_the_table_given_out_is_a_copy():
    mine = mcids()
    mine.loc[0, "value"] = -1
    assert mcids().loc[0, "value"] == 1
