"""XLSX workbooks: sheets, typed cells, and what a broken workbook is told."""

import datetime
import zipfile

import openpyxl
import pytest

from bayes_ps.checks import StudyTableError
from bayes_ps.studies import package, read_studies


def saved(tmp_path, *sheets):
    """A workbook of (title, rows)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(tmp_path / "pain.xlsx")
    return tmp_path / "pain.xlsx"


ROWS = [["Study", "Mean (control)", "Mean (intervention)", "n_t"], ["Müller", 3.5, -0.1, 20]]


def test_numbers_text_and_gaps(tmp_path):
    path = saved(tmp_path, ("pain", [*ROWS, [None, None, None, None], ["B", None, "4.25", 7]]))
    table = read_studies(path)
    assert list(table) == ["study", "mean_c", "mean_t", "n_t"]
    assert table["mean_t"].tolist() == [-0.1, 4.25] and table["n_t"].tolist() == [20, 7]
    assert table["mean_c"].isna().tolist() == [False, True]
    assert table.source == "pain.xlsx (XLSX)" and table.notes[0] == 'Read sheet "pain".'


def test_sheets_by_name_and_number(tmp_path):
    path = saved(tmp_path, ("empty", []), ("pain", ROWS), ("other", [["x"], [1]]))
    assert read_studies(path).notes[:2] == ('Read sheet "pain".', 'Not read: sheet "other".')
    assert list(read_studies(path, sheet="other")) == list(read_studies(path, sheet=2)) == ["x"]
    with pytest.raises(StudyTableError, match=r'sheet "empty" is empty. Sheets: "empty", "pain"'):
        read_studies(path, sheet="empty")
    with pytest.raises(StudyTableError, match=r"no sheet 'Pain'. Its sheets are"):
        read_studies(path, sheet="Pain")


def test_an_empty_workbook(tmp_path):
    with pytest.raises(StudyTableError, match='nothing in its sheets "a", "b"'):
        read_studies(saved(tmp_path, ("a", []), ("b", [])))
    with pytest.raises(StudyTableError, match="a header line but no study"):
        read_studies(saved(tmp_path, ("a", ROWS[:1])))


def test_text_and_dates_in_a_number(tmp_path):
    path = saved(tmp_path, ("pain", [*ROWS, ["B", 1, "3.4 (1.2)", 7]]))
    with pytest.raises(StudyTableError, match=r'"pain", row 2 .line 3. "B", column "Mean .inter'):
        read_studies(path)
    path = saved(tmp_path, ("pain", [*ROWS, ["B", 1, datetime.date(2024, 2, 1), 7]]))
    with pytest.raises(StudyTableError, match=r"2024-02-01.* .a date, perhaps made of a number"):
        read_studies(path)


def test_a_merged_header(tmp_path):
    path = saved(tmp_path, ("pain", [["Study", "Control", None], ["A", 1, 2]]))
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("B1:C1")
    book.save(path)
    with pytest.raises(StudyTableError, match="cells B1:C1 of the header are merged"):
        read_studies(path)


def test_a_formula_that_was_never_calculated(tmp_path):
    path = saved(tmp_path, ("pain", [*ROWS, ["B", 1, "=1/3", 7]]))
    with pytest.raises(StudyTableError, match=r"cell C3: the formula =1/3 has no stored value"):
        read_studies(path)


def test_a_truncated_workbook_and_one_that_is_none(tmp_path):
    path = saved(tmp_path, ("pain", ROWS))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StudyTableError, match="not a whole zip archive"):
        read_studies(path)
    path.write_bytes(b"")
    with pytest.raises(StudyTableError, match="not a whole zip archive"):
        read_studies(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(StudyTableError, match="not a workbook that can be read"):
        read_studies(path)


def test_a_workbook_that_inflates_too_far(tmp_path, monkeypatch):
    monkeypatch.setattr(package, "LIMIT", 1000)
    with pytest.raises(StudyTableError, match="would inflate"):
        read_studies(saved(tmp_path, ("pain", ROWS)))
