"""Which column names are guessed, which are not, and what a declared mapping does."""

import numpy as np
import pytest

from bayes_ps.checks import StudyTableError
from bayes_ps.studies import read_studies
from bayes_ps.studies.spellings import guessed


@pytest.mark.parametrize(
    "names",
    [
        "Author,Experimental N,Experimental mean,Experimental SD,Control N,Control mean,Control SD",
        "studlab,n.e,m.e,sd.e,n.c,m.c,sd.c",
        "slab,n1i,m1i,sd1i,n2i,m2i,sd2i",
        "Study,n interv,Interv mean,SD (intervention),N control,mean control,sd control",
        "trial,n_exp,mean_exp,sd_exp,n_ctrl,mean_ctrl,sd_ctrl",
        "Study ID,Total (treatment group),Mean (treatment group),Std dev treatment,Total (placebo "
        "group),Mean (placebo group),Std dev placebo",
    ],
)
def test_spellings_of_continuous_arms(tmp_path, names):
    file = tmp_path / "arms.csv"
    file.write_text(f"{names}\nA,1,2,3,4,5,6\n")
    table = read_studies(file)
    assert list(table) == ["study", "n_t", "mean_t", "sd_t", "n_c", "mean_c", "sd_c"]
    assert table.iloc[0, 1:].tolist() == [1, 2, 3, 4, 5, 6]
    first = names.split(",")[0]
    assert f"Read '{first}' as study." in table.notes


def test_names_of_ours_are_never_touched():
    names = [
        "study",
        "Author",
        "n_t",
        "Experimental N",
        "n_c",
        "Control N",
        "mean_t",
        "Control mean",
    ]
    assert guessed(names, ()) == ({"Control mean": "mean_c"}, ["Read 'Control mean' as mean_c."])


@pytest.mark.parametrize(
    "names",
    [
        ["Control SD", "Control mean"],  # the other arm is not there
        ["ci", "lower ci", "upper ci"],  # no estimate, and ci alone may be anything
        ["baseline mean intervention", "baseline mean control"],
        ["change SD intervention", "change SD control"],
        ["SE control", "SE intervention"],
        ["mean 1", "mean 2"],  # which one is treated?
        ["OR", "RR", "effect size", "MD"],  # on which scale?
        ["base_mean_t", "change_sd_c", "published_g", "md", "intervention", "comparator"],
        ["ai", "ci"],  # two of the four cells
    ],
)
def test_what_could_mean_something_else_is_left_alone(names):
    assert guessed(names, ()) == ({}, [])


def test_two_columns_that_could_both_be_the_study():
    found, said = guessed(["trial", "author", "year"], ())
    assert found == {}
    assert said == ["Not guessed: study may be 'trial' or 'author'; say columns={'study': '…'}."]


def test_counts_of_metafor_and_the_totals_that_they_imply(tmp_path):
    """dat.bcg, trials 1 and 2: 4 of 123 and 6 of 306 vaccinated, 11 of 139 and 29 of 303 not."""
    file = tmp_path / "bcg.csv"
    file.write_text("slab,ai,bi,ci,di\nAronson,4,119,11,128\nFerguson,6,300,29,274\n")
    table = read_studies(file)
    assert table["events_t"].tolist() == [4, 6] and table["n_t"].tolist() == [123, 306]
    assert table["events_c"].tolist() == [11, 29] and table["n_c"].tolist() == [139, 303]
    assert "Computed n_t = events_t + bi." in table.notes


def test_effects_of_metafor_and_meta(tmp_path):
    file = tmp_path / "effects.csv"
    file.write_text("slab,yi,vi\nA,-0.5,0.04\nB,0.1,0.25\n")
    table = read_studies(file)
    np.testing.assert_allclose(table["se"], [0.2, 0.5])
    assert table["estimate"].tolist() == [-0.5, 0.1] and table["vi"].tolist() == [0.04, 0.25]
    assert "Computed se as the square root of the variance 'vi'." in table.notes
    file.write_text("studlab,TE,seTE\nA,-0.5,0.2\n")
    assert list(read_studies(file)) == ["study", "estimate", "se"]


def test_a_declared_mapping_goes_before_guesses(tmp_path):
    file = tmp_path / "arms.csv"
    file.write_text("Author,mean.e,mean.c,Final score,mean_c\nA,1,2,3,4\n")
    table = read_studies(file, columns={"mean_t": "Final score"})
    assert list(table) == ["study", "mean.e", "mean.c", "mean_t", "mean_c"]
    assert "Read 'Final score' as mean_t, as declared." in table.notes
    table = read_studies(file, columns={"mean_c": "Final score"})
    assert table["mean_c"].tolist() == [3] and "Left out: the file's own 'mean_c'" in str(
        table.notes
    )


def test_one_column_declared_for_both_arms(tmp_path):
    file = tmp_path / "arms.csv"
    file.write_text("Author,N each\nA,12\n")
    table = read_studies(file, columns={"n_t": "N each", "n_c": "N each"})
    assert table[["n_t", "n_c"]].iloc[0].tolist() == [12, 12]


def test_a_declared_column_that_is_not_there(tmp_path):
    file = tmp_path / "arms.csv"
    file.write_text("Author,Final score\nA,1\n")
    with pytest.raises(StudyTableError, match=r"arms.csv: There is no column 'Final scores' .*Did"):
        read_studies(file, columns={"mean_t": "Final scores"})


def test_data_rows_of_cochrane_keep_their_names():
    """Examples and tests read such files with a mapping of their own."""
    table = read_studies("tests/data/cochrane/CD001703-pub4-data-rows.csv")
    assert {"Study", "Experimental mean", "GIV SE", "CI start"} <= set(table)
    assert "read_cochrane(path)" in table.notes[-1]
