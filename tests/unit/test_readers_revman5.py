"""RevMan 5 files.

No review in this format is at hand. ASPIRIN holds the numbers of `Fleiss1993.rm5` of the R package
meta, a file that RevMan 5.0.23 wrote (analysis 1.1, aspirin after myocardial infarction; 1.2,
mental health treatment; Fleiss 1993, doi:10.1177/096228029300200202), cut down to what is read.
The other fixtures have its form and numbers of ours.
"""

import math

import numpy as np
import pytest

from bayes_ps.checks import StudyTableError
from bayes_ps.studies import read_rm5

REVIEW = """<?xml version="1.0" encoding="ISO-8859-1" standalone="no"?>
<COCHRANE_REVIEW DOI="10.1002/14651858.CD000001" ID="861409081811071967" REVMAN_VERSION="5">
<STUDIES_AND_REFERENCES><STUDIES><INCLUDED_STUDIES>
<STUDY DATA_SOURCE="PUB" ID="STD-MRC_x002d_1" NAME="MRC-1" YEAR="1974"/>
<STUDY DATA_SOURCE="PUB" ID="STD-CDP" NAME="CDP" YEAR="1976."/>
<STUDY DATA_SOURCE="PUB" ID="STD-Davis" NAME="D\u00e1vis" YEAR=""/>
</INCLUDED_STUDIES></STUDIES></STUDIES_AND_REFERENCES>
{quality}
<ANALYSES_AND_DATA CALCULATED_DATA="YES">
<COMPARISON ID="CMP-001" NO="1"><NAME>Examples from Fleiss (1993)</NAME>
{outcomes}
</COMPARISON></ANALYSES_AND_DATA></COCHRANE_REVIEW>
"""
ASPIRIN = """
<DICH_OUTCOME CI_STUDY="95" EFFECT_MEASURE="OR" ID="CMP-001.01" METHOD="MH" NO="1" RANDOM="NO"
 SUBGROUPS="NO" SWAP_EVENTS="NO" TOTALS="YES">
<NAME>Aspirin for Preventing Death after Myocardial Infarction</NAME>
<GROUP_LABEL_1>Aspirin</GROUP_LABEL_1>
<DICH_DATA CI_END="1.0593362817898602" CI_START="0.4889745274989256"
 EFFECT_SIZE="0.7197141500975687" ESTIMABLE="YES" EVENTS_1="49" EVENTS_2="67"
 LOG_EFFECT_SIZE="-0.1428399586868553" O_E="0.0" SE="0.1972198088133556"
 STUDY_ID="STD-MRC_x002d_1" TOTAL_1="615" TOTAL_2="624" VAR="0.038895652988376536"
 WEIGHT="3.176490004091248"/>
<DICH_DATA CI_END="1.0132119087766858" CI_START="0.45739090373983604"
 EFFECT_SIZE="0.6807598039215687" ESTIMABLE="YES" EVENTS_1="44" EVENTS_2="64" O_E="0.0"
 SE="0.20289716633892102" STUDY_ID="STD-CDP" TOTAL_1="758" TOTAL_2="771"
 VAR="0.04116726010836378" WEIGHT="3.1016891143394365"/>
</DICH_OUTCOME>
<CONT_OUTCOME CI_STUDY="95" EFFECT_MEASURE="SMD" ID="CMP-001.02" NO="2" RANDOM="NO" TOTALS="YES">
<NAME>Mental Health Treatment versus Control</NAME>
<CONT_DATA CI_END="" CI_START="" EFFECT_SIZE="" ESTIMABLE="YES" MEAN_1="5.0" MEAN_2="6.5"
 SD_1="4.7" SD_2="3.8" SE="" STUDY_ID="STD-Davis" TOTAL_1="13" TOTAL_2="13" WEIGHT=""/>
</CONT_OUTCOME>"""
OTHERS = """
<IV_OUTCOME CI_STUDY="95" NO="3" RANDOM="YES" TOTALS="SUB"><NAME>Death</NAME>
<EFFECT_MEASURE>Hazard Ratio</EFFECT_MEASURE>
<IV_SUBGROUP NO="1"><NAME>Old &amp; young</NAME>
<IV_DATA CI_END="{high}" CI_START="{low}" EFFECT_SIZE="0.5" ESTIMABLE="YES" SE="0.3"
 STUDY_ID="STD-CDP" TOTAL_1="0" TOTAL_2="0" WEIGHT="60.0"/></IV_SUBGROUP>
</IV_OUTCOME>
<IV_OUTCOME CI_STUDY="95" NO="4" RANDOM="NO" TOTALS="NO"><NAME>Slope</NAME>
<EFFECT_MEASURE>Difference of slopes</EFFECT_MEASURE>
<IV_DATA CI_END="1.0879891953" CI_START="-0.0879891953" EFFECT_SIZE="0.5" ESTIMABLE="YES" SE="0.3"
 STUDY_ID="STD-CDP" TOTAL_1="11" TOTAL_2="12" WEIGHT="100.0"/>
</IV_OUTCOME>
<IPD_OUTCOME CI_STUDY="95" NO="5" TOTALS="YES"><NAME>Relapse</NAME>
<EFFECT_MEASURE>Peto Odds Ratio</EFFECT_MEASURE>
<IPD_DATA CI_END="1.1" CI_START="0.4" EFFECT_SIZE="0.68" ESTIMABLE="YES" EVENTS_1="0" EVENTS_2="0"
 O_E="-4.5" STUDY_ID="STD-CDP" TOTAL_1="30" TOTAL_2="31" VAR="11.5" WEIGHT="100.0"/>
</IPD_OUTCOME>
<DICH_OUTCOME CI_STUDY="95" EFFECT_MEASURE="PETO_OR" METHOD="PETO" NO="6" RANDOM="NO" TOTALS="YES"
 SWAP_EVENTS="YES"><NAME>Harm</NAME>
<DICH_DATA CI_END="0.0" CI_START="0.0" EFFECT_SIZE="0.0" ESTIMABLE="NO" EVENTS_1="0" EVENTS_2="0"
 STUDY_ID="STD-CDP" TOTAL_1="30" TOTAL_2="31" WEIGHT="0.0"/>
</DICH_OUTCOME>
<OTHER_OUTCOME NO="7"><NAME>Words</NAME></OTHER_OUTCOME>"""
QUALITY = """<QUALITY_ITEMS>
<QUALITY_ITEM ID="QIT-01" LEVEL="STUDY"><NAME>Random sequence generation (selection bias)</NAME>
<QUALITY_ITEM_DATA>
<QUALITY_ITEM_DATA_ENTRY RESULT="YES" STUDY_ID="STD-CDP"><DESCRIPTION/></QUALITY_ITEM_DATA_ENTRY>
<QUALITY_ITEM_DATA_ENTRY RESULT="NO" STUDY_ID="STD-Davis"/>
</QUALITY_ITEM_DATA></QUALITY_ITEM>
<QUALITY_ITEM ID="QIT-03" LEVEL="GROUP" NO="3"><NAME>Blinding?</NAME>
<QUALITY_ITEM_DATA_ENTRY_GROUP ID="G1"><NAME>Pain</NAME></QUALITY_ITEM_DATA_ENTRY_GROUP>
<QUALITY_ITEM_DATA_ENTRY_GROUP ID="G2"><NAME>Death</NAME></QUALITY_ITEM_DATA_ENTRY_GROUP>
<QUALITY_ITEM_DATA>
<QUALITY_ITEM_DATA_ENTRY GROUP_ID="G1" RESULT="UNKNOWN" STUDY_ID="STD-CDP"/>
<QUALITY_ITEM_DATA_ENTRY GROUP_ID="G2" RESULT="YES" STUDY_ID="STD-CDP"/>
</QUALITY_ITEM_DATA></QUALITY_ITEM></QUALITY_ITEMS>"""
Z = 1.959963984540054


def written(tmp_path, text, name="review.rm5"):
    (tmp_path / name).write_bytes(text.encode("latin-1"))
    return tmp_path / name


def review(tmp_path, outcomes, quality=""):
    return written(tmp_path, REVIEW.format(outcomes=outcomes, quality=quality))


def others():
    return OTHERS.format(low=0.5 * math.exp(-Z * 0.3), high=0.5 * math.exp(Z * 0.3))


def test_arms_of_both_kinds_with_their_settings(tmp_path):
    table = read_rm5(review(tmp_path, ASPIRIN)).set_index("study")
    mrc = table.loc["MRC-1"]
    assert mrc[["events_t", "n_t", "events_c", "n_c", "year"]].tolist() == [49, 615, 67, 624, 1974]
    assert mrc[["measure", "pooling", "model", "analysis"]].tolist() == ["OR", "MH", "FE", "1.1"]
    assert mrc["comparison"] == "Examples from Fleiss (1993)" and mrc["measure_stated"]
    davis = table.loc["Dávis"]
    assert davis[["mean_t", "sd_t", "n_t", "mean_c", "sd_c", "n_c"]].tolist() == [
        5,
        4.7,
        13,
        6.5,
        3.8,
        13,
    ]
    assert davis[["measure", "pooling", "data_type"]].tolist() == ["SMD", "IV", "continuous"]
    assert np.isnan(davis["published"]) and np.isnan(davis["year"]) and np.isnan(mrc["mean_t"])
    assert set(table["review"]) == {"10.1002/14651858.CD000001"}
    assert not {"o_e", "v", "se", "estimate"} & set(table)
    assert table.source == "review.rm5 (RevMan 5)"
    assert table.notes == ("Read 3 rows: 2 dichotomous, 1 continuous.",)


def test_the_published_odds_ratio_is_that_of_the_cells(tmp_path):
    table = read_rm5(review(tmp_path, ASPIRIN)).head(2)
    odds_t = table["events_t"] / (table["n_t"] - table["events_t"])
    odds_c = table["events_c"] / (table["n_c"] - table["events_c"])
    np.testing.assert_allclose(odds_t / odds_c, table["published"], rtol=1e-12)


def test_statements_are_on_the_scale_of_their_interval(tmp_path):
    table = read_rm5(review(tmp_path, others())).set_index("analysis")
    hazard, slope = table.loc["1.3"], table.loc["1.4"]
    assert (
        hazard["estimate"] == math.log(0.5) and hazard["se"] == 0.3 and hazard["published"] == 0.5
    )
    assert hazard[["measure", "pooling", "model"]].tolist() == ["HR", "IV", "RE"]
    assert hazard["subgroup"] == "Old & young" and np.isnan(hazard["n_t"])
    assert slope[["estimate", "se", "n_t", "n_c"]].tolist() == [0.5, 0.3, 11, 12]
    assert slope[["measure", "effect_measure"]].tolist() == ["GEN", "Difference of slopes"]


def test_o_minus_e_and_rows_without_an_effect(tmp_path):
    table = read_rm5(review(tmp_path, others())).set_index("analysis")
    relapse, harm = table.loc["1.5"], table.loc["1.6"]
    assert relapse[["o_e", "v", "n_t", "n_c"]].tolist() == [-4.5, 11.5, 30, 31]
    assert np.isnan(relapse["events_t"]) and relapse["data_type"] == "O-E and variance"
    assert relapse[["measure", "pooling", "model"]].tolist() == ["PETO", "PETO", "FE"]
    assert harm[["events_t", "events_c"]].tolist() == [0, 0] and np.isnan(harm["published"])
    assert harm["measure"] == "PETO" and harm["swap_events"] and not relapse["swap_events"]
    assert table.notes[-1] == "Not read: 1 outcomes of another kind (text)."


def test_risk_of_bias_by_study_and_by_group(tmp_path):
    table = read_rm5(review(tmp_path, ASPIRIN, QUALITY)).set_index("study")
    assert table.loc[["CDP", "Dávis"], "rob_sequence"].tolist() == ["low", "high"]
    assert table.loc["CDP", ["rob_blinding_pain", "rob_blinding_death"]].tolist() == [
        "unclear",
        "low",
    ]
    assert table.loc["MRC-1", ["rob_sequence"]].isna().all()


def test_text_in_a_number(tmp_path):
    path = review(tmp_path, ASPIRIN.replace('EVENTS_1="44"', 'EVENTS_1="many"'))
    with pytest.raises(
        StudyTableError,
        match=r'review.rm5, analysis 1.1, "CDP": EVENTS_1 must be a number, but is \'many\'',
    ):
        read_rm5(path)
    table = read_rm5(path, on_bad="drop")
    assert table["study"].tolist() == ["MRC-1", "Dávis"]
    assert table.notes[1].startswith('Dropped analysis 1.1, "CDP": EVENTS_1')


BOMB = """<?xml version="1.0"?>
<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<COCHRANE_REVIEW>&b;</COCHRANE_REVIEW>"""
OUTSIDE = """<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<COCHRANE_REVIEW>&x;</COCHRANE_REVIEW>"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "review.rm5 is empty"),
        (BOMB, "defines entities"),
        (OUTSIDE, "defines entities"),
        (REVIEW.format(outcomes=ASPIRIN, quality="")[:-300], r"not whole XML: .*line \d+"),
        ("study,n_t\nA,1\n", "not whole XML"),
        ("<html/>", "begins with <html>, a RevMan 5 file with <COCHRANE_REVIEW>"),
        (REVIEW.format(outcomes="", quality=""), "no analysis with data"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "not whole XML|cannot|can be read"),
    ],
)
def test_files_that_are_no_review(tmp_path, text, said):
    with pytest.raises(StudyTableError, match=said):
        read_rm5(written(tmp_path, text))
