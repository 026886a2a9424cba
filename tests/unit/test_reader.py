"""Reading a CSV file: what arrives, and what a broken file is told."""

import pytest

from bayes_ps.checks import StudyTableError
from bayes_ps.studies import read_studies


def written(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "pain.csv"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_reads_names_numbers_and_gaps(tmp_path, encoding):
    text = 'study, n_t ,note\n"Müller, 2001",20,ok\nNA study,,\n'
    for path in (written(tmp_path, text, encoding), str(written(tmp_path, text, encoding))):
        frame = read_studies(path)
        assert list(frame) == ["study", "n_t", "note"]
        assert frame["study"].tolist() == ["Müller, 2001", "NA study"]
        assert frame["n_t"].isna().tolist() == [False, True] and frame["n_t"][0] == 20


def test_no_file(tmp_path):
    with pytest.raises(StudyTableError, match=r"There is no file .*gone.csv. Give the path"):
        read_studies(tmp_path / "gone.csv")


def test_an_empty_file(tmp_path):
    with pytest.raises(StudyTableError, match="not a CSV table with a header line: No columns"):
        read_studies(written(tmp_path, ""))


def test_a_header_without_a_study(tmp_path):
    with pytest.raises(StudyTableError, match="has a header line but no study"):
        read_studies(written(tmp_path, "study,n_t\n"))


def test_a_row_longer_than_the_header(tmp_path):
    with pytest.raises(StudyTableError, match="Expected 2 fields in line 3, saw 3"):
        read_studies(written(tmp_path, "study,y\nA,1\nB,2,3\n"))


def test_rows_that_are_all_longer_than_the_header_do_not_shift_the_columns(tmp_path):
    """Left to itself pandas makes the study its index, and calls the first number "study"."""
    with pytest.raises(StudyTableError, match="Length of header or names does not match"):
        read_studies(written(tmp_path, "study,y\nA,1,2\nB,2,3\n"))
    frame = read_studies(written(tmp_path, "study,y\nA,1,\nB,2,\n"))
    assert frame.to_dict("list") == {"study": ["A", "B"], "y": [1, 2]}


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_another_encoding_is_found_and_said(tmp_path, encoding):
    table = read_studies(written(tmp_path, "study,y\nMüller,1\nØvergård – à,2\n", encoding))
    assert table["study"].tolist() == ["Müller", "Øvergård – à"]
    assert table.notes == (f"Read as {encoding} text, separated by commas.",)


def test_a_declared_encoding_that_does_not_fit(tmp_path):
    path = written(tmp_path, "study,y\nMüller,1\n", "latin-1")
    with pytest.raises(StudyTableError, match="cannot be read as UTF-8 text"):
        read_studies(path, encoding="utf-8")
    with pytest.raises(StudyTableError, match="no encoding 'utf-9'"):
        read_studies(path, encoding="utf-9")


def test_a_folder(tmp_path):
    with pytest.raises(StudyTableError, match="cannot be read"):
        read_studies(tmp_path)
