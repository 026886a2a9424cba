"""`read_rm5`: the analyses of a RevMan 5 file (XML)."""

from __future__ import annotations

import io
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bayes_ps.checks import StudyTableError
from bayes_ps.studies.cochrane_rows import arranged
from bayes_ps.studies.reader import OnBad, checked_on_bad, contents
from bayes_ps.studies.revman5_bias import risk_of_bias
from bayes_ps.studies.revman5_rows import Broken, Row, outcome_rows
from bayes_ps.studies.studies import Studies, remembering

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LIMIT = 256 * 2**20  # bytes; the largest reviews have about a hundredth


def read_rm5(path: str | PathLike[str], *, on_bad: OnBad = "raise") -> Studies:
    """The rows of all analyses in a RevMan 5 file, a row a study in an analysis.

    Parameters
    ----------
    path : an ``.rm5`` file, as RevMan 5 saves and the Cochrane Library used to offer.
    on_bad : ``"raise"`` an error for the first row that cannot be read, or ``"drop"`` such rows;
        each is then listed in ``table.notes``.

    Returns
    -------
    Studies
        The columns of :func:`read_cochrane`, and the measure, pooling and model, which this
        format states. Effects of generic inverse variance are on the log scale where the row's
        own interval is symmetric there. Risk of bias is RoB 1 (yes = low, no = high).

    Raises
    ------
    StudyTableError
        If the file is missing, not whole XML, not a RevMan 5 review, or defines entities (an XML
        bomb); for text in a number. It names file, analysis, study and attribute.

    References
    ----------
    The format as RevMan 5.0.23 wrote it in ``Fleiss1993.rm5`` of the R package meta (Schwarzer);
    test: ``tests/unit/test_readers_revman5.py``, whose fixtures are written after that file.
    """
    checked_on_bad(on_bad)
    file = str(path)
    root = _root(contents(path, "a RevMan 5 file"), file)
    names = {
        one.get("ID", ""): (one.get("NAME") or one.get("ID") or "", one.get("YEAR") or "")
        for one in root.iterfind(".//STUDIES//STUDY")
    }
    rows, broken, skipped = _rows(root, names)
    if broken and on_bad == "raise":
        more = f" ({len(broken) - 1} more rows like it)" if len(broken) > 1 else ""
        raise StudyTableError(
            f"{file}, {broken[0]}{more}. Correct it in RevMan, or leave such rows out with "
            f'on_bad="drop".'
        )
    if not rows:
        raise StudyTableError(f"{file} has no analysis with data that can be read.")
    table = pd.DataFrame(rows)
    bias = risk_of_bias(root)
    if not bias.empty:
        table = table.join(bias, on="study_id")
    review = root.get("DOI") or root.get("ID") or Path(path).stem
    table = table.drop(columns="study_id").assign(review=review)
    counts = table["data_type"].value_counts()
    notes = [f"Read {len(table)} rows: {', '.join(f'{n} {k}' for k, n in counts.items())}."]
    notes += [f"Dropped {one}." for one in broken]
    if skipped:
        notes.append(f"Not read: {skipped} outcomes of another kind (text).")
    return remembering(arranged(table), f"{Path(path).name} (RevMan 5)", tuple(notes))


def _root(data: bytes, file: str) -> Element:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import parse

    if len(data) > LIMIT:
        raise StudyTableError(f"{file} is larger than {LIMIT // 2**20} MB.")
    if not data.strip():
        raise StudyTableError(f"{file} is empty. Give a RevMan 5 file (.rm5).")
    try:
        root = parse(io.BytesIO(data)).getroot()
    except ParseError as error:
        raise StudyTableError(
            f"{file} is not whole XML: {error}. Download or save it again."
        ) from None
    except DefusedXmlException as error:
        raise StudyTableError(
            f"{file} defines entities, which a RevMan file never does ({error}). Do not trust it."
        ) from None
    except (ValueError, LookupError) as error:  # an encoding that does not exist
        raise StudyTableError(f"{file} is not XML that can be read: {error}.") from None
    if root.tag != "COCHRANE_REVIEW":
        raise StudyTableError(
            f"{file} begins with <{root.tag}>, a RevMan 5 file with <COCHRANE_REVIEW>. For a "
            f"data package use bps.read_cochrane(path)."
        )
    return root


def _rows(root: Element, names: dict[str, tuple[str, str]]) -> tuple[list[Row], list[Broken], int]:
    rows: list[Row] = []
    broken: list[Broken] = []
    skipped = 0
    for comparison in root.iterfind(".//ANALYSES_AND_DATA/COMPARISON"):
        for outcome in comparison:
            if not outcome.tag.endswith("_OUTCOME"):
                continue
            if outcome.tag == "OTHER_OUTCOME":
                skipped += 1
                continue
            good, bad = outcome_rows(comparison, outcome, names)
            rows += good
            broken += bad
    return rows, broken, skipped
