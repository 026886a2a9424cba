"""Delimiters, decimal commas, gaps, and what a broken text file is told."""

import numpy as np
import pytest

from bayes_ps.checks import StudyTableError
from bayes_ps.studies import read_studies


def written(tmp_path, text, name="pain.csv"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


@pytest.mark.parametrize(
    ("delimiter", "named"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs")]
)
def test_the_delimiter_is_found_and_said(tmp_path, delimiter, named):
    rows = [["study", "n_t", "note"], ["Müller", "20", "a b"], ["Øre", "", "c"]]
    table = read_studies(written(tmp_path, "\n".join(delimiter.join(row) for row in rows)))
    assert list(table) == rows[0] and table["n_t"][0] == 20 and np.isnan(table["n_t"][1])
    assert table.notes == (f"Read as utf-8 text, separated by {named}.",)
    assert table.source == "pain.csv (CSV)"


def test_a_header_with_another_delimiter_in_it(tmp_path):
    table = read_studies(written(tmp_path, "Author, year;mean;sd\nA, 2001;3;1\n"))
    assert list(table) == ["Author, year", "mean", "sd"]


def test_decimal_commas_are_found_and_said(tmp_path):
    table = read_studies(written(tmp_path, "study;mean_t;p;dose\nA;−3,5;0,012;1,5\nB;4;1e-3;2\n"))
    assert table["mean_t"].tolist() == [-3.5, 4] and table["p"].tolist() == [0.012, 0.001]
    assert table["dose"].tolist() == [1.5, 2]
    assert "Numbers have decimal commas." in table.notes


def test_quoted_decimal_commas_between_commas(tmp_path):
    table = read_studies(written(tmp_path, 'study,mean_t\nA,"3,5"\nB,"4,25"\n'))
    assert table["mean_t"].tolist() == [3.5, 4.25]


def test_labels_with_points_stay_beside_decimal_commas(tmp_path):
    table = read_studies(written(tmp_path, "study;analysis;mean_t\nA;1.2 pain;3,5\n"))
    assert table["analysis"].tolist() == ["1.2 pain"] and table["mean_t"].tolist() == [3.5]


def test_thousands_are_not_guessed(tmp_path):
    path = written(tmp_path, "study;n_t\nA;1,200\nB;300\n")
    with pytest.raises(StudyTableError, match=r'"n_t": must be a number, but is .1,200. \(write 1'):
        read_studies(path)
    assert read_studies(path, decimal=",")["n_t"].tolist() == [1.2, 300]


def test_commas_and_points_in_one_file(tmp_path):
    path = written(tmp_path, "study;mean_t\nA;3,5\nB;4.25\n")
    with pytest.raises(StudyTableError, match=r"a decimal comma, but other numbers .* have points"):
        read_studies(path)
    with pytest.raises(StudyTableError, match=r"'4.25' .a decimal point, but"):
        read_studies(path, decimal=",")


def test_dates_codes_and_yes_or_no_stay_what_they_are(tmp_path):
    text = "study,date,code,flag,year,note\nA,2001-02-03,12345678901234567890,TRUE,2001a,1_000\n"
    table = read_studies(written(tmp_path, text))
    assert table["date"][0] == "2001-02-03" and table["code"][0] == "12345678901234567890"
    assert (
        table["flag"].dtype == bool and table["year"][0] == "2001a" and table["note"][0] == "1_000"
    )


def test_not_reported_is_a_gap_and_said(tmp_path):
    table = read_studies(written(tmp_path, "study,sd_t\nA,NR\nB,2.5\nC,NA\n"))
    assert table["sd_t"].isna().tolist() == [True, False, True]
    assert 'Read "NR" in "sd_t" as not reported.' in table.notes


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("<0.05", "a bound is no value"),
        ("3.4 (1.2)", "one number a cell"),
        ("3.4±1.2", "one number a cell"),
        ("about 3", "must be a number"),
        ("inf", "must be a number"),
        ("1_000", "must be a number"),
    ],
)
def test_text_in_a_number_names_file_row_column_and_study(tmp_path, cell, hint):
    path = written(tmp_path, f"study,sd_t,note\nA,1,x\nBarlow 2000,{cell},y\n")
    with pytest.raises(StudyTableError) as caught:
        read_studies(path)
    said = str(caught.value)
    assert f'{path}, row 2 (line 3) "Barlow 2000", column "sd_t": must be a number' in said
    assert cell in said and hint in said and 'on_bad="drop"' in said


def test_bad_rows_are_dropped_only_on_demand_and_listed(tmp_path):
    path = written(tmp_path, "study,n_t\nA,1\nB,x\nC,3,4\nD\nE,5\n")
    with pytest.raises(StudyTableError, match=r"row 2 .line 3. \"B\".*2 more rows like it"):
        read_studies(path)
    table = read_studies(path, on_bad="drop")
    assert table["study"].tolist() == ["A", "E"] and table["n_t"].tolist() == [1, 5]
    dropped = [note for note in table.notes if note.startswith("Dropped")]
    assert dropped == [
        'Dropped row 2 (line 3) "B", column "n_t": must be a number, but is \'x\'.',
        'Dropped row 3 (line 4) "C": Expected 2 fields in line 4, saw 3.',
        'Dropped row 4 (line 5) "D": Expected 2 fields in line 5, saw 1.',
    ]


def test_no_row_left_is_an_error(tmp_path):
    with pytest.raises(StudyTableError, match="no row that can be read"):
        read_studies(written(tmp_path, "study,n_t\nA,x\n"), on_bad="drop")


def test_a_merged_header(tmp_path):
    text = "Study,Intervention,,Control,\n,mean,sd,mean,sd\nA,1,2,3,4\n"
    with pytest.raises(StudyTableError, match=r"column 3 has no name.*merged"):
        read_studies(written(tmp_path, text))


def test_a_name_that_stands_twice(tmp_path):
    with pytest.raises(StudyTableError, match='"mean" stands over columns 2 and 3'):
        read_studies(written(tmp_path, "study,mean,mean\nA,1,2\n"))


def test_row_names_without_a_name_and_empty_columns(tmp_path):
    table = read_studies(written(tmp_path, ",study,y,,\n1,A,2,,\n2,B,3,,\n"))
    assert list(table) == ["row", "study", "y"] and 'it is called "row"' in table.notes[1]


def test_a_file_cut_off_within_quotes(tmp_path):
    with pytest.raises(StudyTableError, match=r"after line 2, .*cut off"):
        read_studies(written(tmp_path, 'study,n_t\nA,1\n"Bar'))


def test_a_declared_delimiter_that_is_not_the_files(tmp_path):
    with pytest.raises(StudyTableError, match=r"one column if ';' .* 2 with ','"):
        read_studies(written(tmp_path, "study,n_t\nA,1\n"), delimiter=";")


def test_excels_line_that_names_the_delimiter(tmp_path):
    table = read_studies(written(tmp_path, "sep=|\nstudy|n_t\nA|1\n"))
    assert list(table) == ["study", "n_t"]


def test_files_of_other_kinds(tmp_path):
    with pytest.raises(StudyTableError, match="is not text"):
        read_studies(written(tmp_path, bytes(range(256)) * 9))
    with pytest.raises(StudyTableError, match=r"old .xls workbook"):
        read_studies(written(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9))
    with pytest.raises(StudyTableError, match="not a whole zip"):
        read_studies(written(tmp_path, b"PK\x03\x04" + b"x" * 40))
    with pytest.raises(StudyTableError, match="decimal must be"):
        read_studies(written(tmp_path, "study\nA\n"), decimal="·")
    with pytest.raises(StudyTableError, match="on_bad must be"):
        read_studies(written(tmp_path, "study\nA\n"), on_bad="skip")
