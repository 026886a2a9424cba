"""Cochrane's data package: what a row is, its settings, the zip, and bad files.

The columns of the settings file and its codes ("IV", "EXP_O_E_VAR", "Random effect") are those of
Cochrane's data package specification and of `read.cdir` in the R package meta; the values are ours.
"""

import io
import zipfile

import numpy as np
import pytest

from bayes_ps.checks import StudyTableError
from bayes_ps.studies import package, read_cochrane

HEADER = (
    "Analysis group,Analysis number,Analysis name,Subgroup,Applicability,Study,Study year,GIV Mean,"
    "GIV SE,Experimental mean,Experimental SD,Experimental cases,Experimental N,Control mean,"
    "Control SD,Control cases,Control N,O-E,Variance,Weight,Mean,CI start,CI end,Footnotes"
)
ROWS = {
    "continuous": "1,1,Pain,,BOTH,A,2001,0,1.5,0,2,0,20,1,2.5,0,22,0,2.25,50,-1,-2,0,x",
    "events": "1,2,Falls,,BOTH,B,2002,0,0,0,0,0,20,0,0,3,22,0,0,100,0.2,0.01,3,",
    "no events": "1,2,Falls,,BOTH,C,2003,0,1.6,0,0,0,20,0,0,0,22,0,2.6,,,,,",
    "giv": "1,3,Death,,BOTH,D,2004,-0.5,0.2,0,0,0,0,0,0,0,0,0,0,100,0.61,0.4,0.9,",
    "giv 0": "1,3,Death,,BOTH,E,,0,0.2,0,0,0,9,0,0,0,8,0,0.04,100,1,0.7,1.5,",
    "o-e": "1,4,Death,,BOTH,F,2006,0,0.5,0,0,0,20,0,0,3,22,-1.5,4,100,0.69,0.3,1.8,",
}  # fmt: skip
SETTINGS = """Analysis group,Analysis number,Analysis name,Analysis group name,Data type,\
Statistical method,Effect measure,Unit of effect measure,Analysis model,Swap event and non-event,\
Study CI
1,1,Pain,Drug vs placebo,Continuous,IV,Std. Mean Difference,#N/A,Random effect,#N/A,95%
1,2,Falls,Drug vs placebo,Dichotomous,MH,Risk Ratio (Non-event),#N/A,Fixed effect,TRUE,95%
1,3,Death,Drug vs placebo,Contrast level,IV,Hazard Ratio,#N/A,Random effect,#N/A,95%
1,4,Death,Drug vs placebo,O-E and variance,EXP_O_E_VAR,Peto Odds Ratio,#N/A,Fixed effect,#N/A,95%
"""
ARMS = ("mean_t", "sd_t", "events_t", "n_t", "mean_c", "sd_c", "events_c", "n_c")
NUMBERS = (*ARMS, "estimate", "se", "o_e", "v")


def data_rows(*rows, header=HEADER):
    return "\n".join([header, *rows, ""])


def written(tmp_path, text, name="CD000001-pub2-data-rows.csv"):
    (tmp_path / name).write_text(text)
    return tmp_path / name


def filled(row):
    return {name: row[name] for name in NUMBERS if name in row and not np.isnan(row[name])}


@pytest.fixture
def table(tmp_path):
    return read_cochrane(written(tmp_path, data_rows(*ROWS.values()))).set_index("study")


def test_each_row_holds_the_columns_of_its_kind_and_zero_is_a_gap_elsewhere(table):
    arms = {"n_t": 20, "n_c": 22}
    assert filled(table.loc["A"]) == {"mean_t": 0, "sd_t": 2, "mean_c": 1, "sd_c": 2.5, **arms}
    assert filled(table.loc["B"]) == {"events_t": 0, "events_c": 3, **arms}
    assert filled(table.loc["C"]) == {"events_t": 0, "events_c": 0, **arms}
    assert filled(table.loc["D"]) == {"estimate": -0.5, "se": 0.2}
    assert filled(table.loc["E"]) == {"estimate": 0, "se": 0.2, "n_t": 9, "n_c": 8}
    assert filled(table.loc["F"]) == {"o_e": -1.5, "v": 4, "events_t": 0, "events_c": 3, **arms}
    assert table["data_type"].tolist() == [
        "continuous", "dichotomous", "dichotomous", "inverse variance", "inverse variance",
        "O-E and variance",
    ]  # fmt: skip


def test_what_the_file_shows(table):
    assert table.loc["A", ["published", "published_low", "published_high"]].tolist() == [-1, -2, 0]
    assert np.isnan(table.loc["C", "published"]) and np.isnan(table.loc["E", "year"])
    assert set(table["review"]) == {"CD000001-pub2"} and table.loc["F", "analysis"] == "1.4"
    assert "subgroup" not in table and table.loc["A", "footnotes"] == "x"


def test_without_settings_nothing_is_stated(table):
    assert not table["measure_stated"].any() and not table["swap_events"].any()
    for name in ("measure", "pooling", "model", "effect_measure"):
        assert set(table[name]) == {""}
    assert "The measure of 4 analyses is not stated in the file." in table.notes


def test_settings_of_the_analyses(tmp_path):
    path = written(tmp_path, data_rows(*ROWS.values()))
    settings = written(tmp_path, SETTINGS, "CD000001-overall-estimates-and-settings.csv")
    table = read_cochrane(path, overall=settings).set_index("study")
    stated = table[["measure", "pooling", "model", "swap_events"]].apply(tuple, axis=1)
    assert stated["A"] == ("SMD", "IV", "RE", False)
    assert stated["B"] == stated["C"] == ("RR", "MH", "FE", True)
    assert stated["D"] == ("HR", "IV", "RE", False)
    assert stated["F"] == ("PETO", "PETO", "FE", False)
    assert table["measure_stated"].all() and set(table["comparison"]) == {"Drug vs placebo"}
    assert "Effects are of the non-event in analyses 1.2: see swap_events." in table.notes
    assert "unit" not in table


def test_the_stated_kind_decides_a_row_of_zeros(tmp_path):
    row = "1,1,Pain,,BOTH,A,2001,0,0,0,0,0,20,0,0,0,22,0,0,,,,,"
    path = written(tmp_path, data_rows(row))
    alone = read_cochrane(path)
    assert alone["data_type"].tolist() == ["dichotomous"] and "no event" in alone.notes[2]
    settings = written(tmp_path, SETTINGS, "settings.csv")
    assert read_cochrane(path, overall=settings)["data_type"].tolist() == ["continuous"]


def test_an_analysis_that_is_not_in_the_settings(tmp_path):
    path = written(tmp_path, data_rows(ROWS["events"], ROWS["giv"].replace("1,3,", "9,9,", 1)))
    settings = written(tmp_path, SETTINGS, "settings.csv")
    assert read_cochrane(path, overall=settings)["measure_stated"].tolist() == [True, False]
    other = written(tmp_path, SETTINGS.replace("\n1,", "\n7,"), "other.csv")
    with pytest.raises(StudyTableError, match="no analysis of the data rows is in the settings"):
        read_cochrane(path, overall=other)
    with pytest.raises(StudyTableError, match='no column "effect measure"'):
        read_cochrane(path, overall=path)
    twice = written(tmp_path, SETTINGS + SETTINGS.splitlines()[1], "twice.csv")
    with pytest.raises(StudyTableError, match=r"has analysis 1.1 twice"):
        read_cochrane(path, overall=twice)


def test_risk_of_bias_of_both_tools(tmp_path):
    header = HEADER + (
        ",Bias arising from the randomization process (judgement),Overall bias (judgement)"
        ",Overall bias (support),Random sequence generation (selection bias)"
        ",Blinding of outcome assessment (detection bias) (judgement)"
    )
    judged = ROWS["events"] + ",Low risk,Some concerns,because,High risk,Unclear risk of bias"
    row = read_cochrane(written(tmp_path, data_rows(judged, header=header))).iloc[0]
    assert row["rob_randomisation"] == "low" and row["rob_overall"] == "some concerns"
    assert row["rob_sequence"] == "high" and row["rob_blinding_assessment"] == "unclear"
    assert row["Overall bias (support)"] == "because"


def test_columns_of_other_variants(tmp_path):
    """Without generic inverse variance, in another case and order, with a column of its own."""
    header = (
        "study,ANALYSIS GROUP,Analysis  number,Experimental cases,Experimental N,Control cases,"
        "Control N,Mean,CI start,CI end,review_doi,Dose"
    )
    path = written(tmp_path, data_rows("A,2,11,1,10,0,10,3,0.1,99,10.1002/x.pub2,5", header=header))
    row = read_cochrane(path).iloc[0]
    assert (row["analysis"], row["events_c"], row["Dose"]) == ("2.11", 0, 5)
    assert row["review"] == "10.1002/x.pub2"


def package_of(tmp_path, members, name="CD000001-dataPackage.zip"):
    with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return tmp_path / name


@pytest.fixture
def members():
    folder = "CD000001-analysis-data/CD000001"
    return {
        f"{folder}-data-rows.csv": data_rows(*ROWS.values()),
        f"{folder}-overall-estimates-and-settings.csv": SETTINGS,
        "CD000001-study-data/CD000001-risk-of-bias.csv": (
            "Study,Domain (judgement): Allocation concealment,Domain (support): Allocation "
            "concealment,Domain (judgement): Incomplete outcome data: All outcomes\n"
            "A,Low risk,sealed,High risk\nB,Unclear risk,,Low risk\n"
        ),
        "CD000001-study-data/CD000001-study-information.csv": "Study,Year\nA,2001\n",
    }


def test_the_zip_holds_rows_settings_and_risk_of_bias(tmp_path, members):
    table = read_cochrane(package_of(tmp_path, members)).set_index("study")
    assert table.loc["A", "measure"] == "SMD" and set(table["review"]) == {"CD000001"}
    assert table.loc["A", ["rob_allocation", "rob_missing"]].tolist() == ["low", "high"]
    assert table["rob_missing"].isna().tolist() == [False, False, True, True, True, True]


def test_the_librarys_zip_within_a_zip(tmp_path, members):
    inner = package_of(tmp_path, members, "inner.zip").read_bytes()
    path = package_of(tmp_path, {"CD000001-files/CD000001-data.zip": inner})
    assert len(read_cochrane(path)) == len(ROWS)


@pytest.mark.parametrize(
    "name", ["../CD1-data-rows.csv", "/etc/CD1-data-rows.csv", "a\\..\\..\\b.csv", "C:/b.csv"]
)
def test_a_member_that_climbs_out(tmp_path, members, name):
    with pytest.raises(StudyTableError, match="outside its own folder"):
        read_cochrane(package_of(tmp_path, {**members, name: "x"}))


def test_zips_that_are_cut_damaged_inflated_or_of_another_kind(tmp_path, members, monkeypatch):
    path = package_of(tmp_path, members)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(StudyTableError, match=r"CD000001-dataPackage.zip is not a whole zip"):
        read_cochrane(path)
    damaged = bytearray(whole)
    damaged[120:160] = bytes(40)
    path.write_bytes(bytes(damaged))
    with pytest.raises(StudyTableError, match=r'data-rows.csv" cannot be unpacked'):
        read_cochrane(path)
    with pytest.raises(StudyTableError, match=r"0 members that end in .* It has a.csv"):
        read_cochrane(package_of(tmp_path, {"a.csv": "x"}))
    with pytest.raises(StudyTableError, match="diagnostic accuracy"):
        read_cochrane(package_of(tmp_path, {"CD1-parameters.csv": "x"}))
    path.write_bytes(whole)
    monkeypatch.setattr(package, "LIMIT", 1000)
    with pytest.raises(StudyTableError, match="would inflate to 4 members"):
        read_cochrane(path)


def test_a_zip_bomb_is_refused_by_its_directory():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("CD1-data-rows.csv", bytes(300 * 2**20))
    assert len(buffer.getvalue()) < 2**21
    with pytest.raises(StudyTableError, match="would inflate to 1 members of 300 MB"):
        package.opened(buffer.getvalue(), "bomb.zip")


def test_text_in_a_number_and_rows_without_a_study(tmp_path):
    bad = ROWS["events"].replace(",20,", ",twenty,")
    path = written(
        tmp_path, data_rows(ROWS["giv"], bad, ",".join([*"12", "", "", "", ""] + ["0"] * 18))
    )
    with pytest.raises(
        StudyTableError,
        match=r'data-rows.csv, row 2 .line 3. "B", column "Experimental N": must be a number, but '
        r"is 'twenty' .1 more rows like it.",
    ):
        read_cochrane(path)
    table = read_cochrane(path, on_bad="drop")
    assert table["study"].tolist() == ["D"]
    assert [note[:14] for note in table.notes if "Dropped" in note] == [
        "Dropped row 2 ",
        "Dropped row 3 ",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "No columns to parse"),
        (HEADER + "\n", "a header line but no study"),
        (data_rows(ROWS["giv"])[:-40], "Expected 24 fields in line 2, saw"),
        (data_rows(ROWS["giv"]).replace("CI end", "upper"), 'no column "CI end"'),
        ("study,n_t\nA,1\n", 'no column "Analysis group".* not the data-rows CSV'),
    ],
)
def test_files_that_are_not_data_rows(tmp_path, text, said):
    path = written(tmp_path, text)
    with pytest.raises(StudyTableError, match=said):
        read_cochrane(path)


def test_data_rows_that_a_spreadsheet_saved_with_semicolons_and_decimal_commas(tmp_path):
    text = data_rows(*ROWS.values())
    path = written(tmp_path, text.replace(",", ";").replace(".", ","))
    table = read_cochrane(path).set_index("study")
    assert table.loc["D", ["estimate", "published"]].tolist() == [-0.5, 0.61]


def test_no_file(tmp_path):
    with pytest.raises(StudyTableError, match=r"There is no file .*gone.zip"):
        read_cochrane(tmp_path / "gone.zip")
