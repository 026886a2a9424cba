"""The printed summary-of-findings table as HTML, LaTeX and Word; names in it are data."""

from __future__ import annotations

import io
from typing import Any

from bayes_ps import __version__
from bayes_ps.reporting.cells import latex, printable
from bayes_ps.reporting.certainty import IMPRECISION_RULE, INCONSISTENCY_RULE, PANEL
from bayes_ps.reporting.findings import SummaryOfFindings
from bayes_ps.reporting.findings_columns import CAPTION, HEADER, cells_of, notes_of
from bayes_ps.reporting.pages import rendered

RULES = (PANEL, IMPRECISION_RULE, INCONSISTENCY_RULE)
WIDTHS = (2.6, 1.6, 2.4, 2.8, 3.1, 2.2, 1.9, 2.2, 6.9)  # cm, of an A4 page on its side


def as_html(table: SummaryOfFindings) -> str:
    """A `<figure>` with the table, its caption and its notes."""
    return rendered("findings.html", _values(table))


def as_page(table: SummaryOfFindings) -> str:
    """The same as a page of its own, which asks for nothing."""
    page = {"version": __version__, "title": CAPTION}
    return rendered("findings_page.html", _values(table) | page)


def _values(table: SummaryOfFindings) -> dict[str, Any]:
    return {
        "caption": CAPTION,
        "header": HEADER,
        "rows": [cells_of(each) for each in table.findings],
        "notes": [*notes_of(table.findings), *RULES],
    }


def as_latex(table: SummaryOfFindings) -> str:
    """A table environment; needs booktabs and tabularx."""
    layout = "".join(
        rf">{{\hsize={9 * width / sum(WIDTHS):.2f}\hsize\raggedright\arraybackslash}}X"
        for width in WIDTHS
    )
    rows = [" & ".join(map(latex, cells_of(each))) + r" \\" for each in table.findings]
    notes = [latex(text) for text in (*RULES, *notes_of(table.findings))]
    return "\n".join(
        [
            r"% Needs \usepackage{booktabs,tabularx}; wide: best on a page on its side.",
            r"\begin{table}",
            r"\footnotesize",
            rf"\caption{{{latex(CAPTION)}}}",
            rf"\begin{{tabularx}}{{\linewidth}}{{{layout}}}",
            r"\toprule",
            " & ".join(map(latex, HEADER)) + r" \\",
            r"\midrule",
            *rows,
            r"\bottomrule",
            r"\end{tabularx}",
            *(rf"\par\smallskip {note}" for note in notes),
            r"\end{table}",
            "",
        ]
    )


def as_word(table: SummaryOfFindings) -> bytes:
    """A document on its side: heading, table with a repeated header row, notes."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(2.0)
    document.styles["Normal"].font.size = Pt(9)
    document.core_properties.title = CAPTION
    document.core_properties.author = "bayes_ps"
    document.add_heading(CAPTION, level=1)
    rows = [HEADER, *(cells_of(each) for each in table.findings)]
    grid = document.add_table(rows=len(rows), cols=len(HEADER), style="Table Grid")
    grid.autofit = False
    for column, width in zip(grid.columns, WIDTHS, strict=True):
        column.width = Cm(width)  # read by LibreOffice; Word reads that of the cells
    for texts, row in zip(rows, grid.rows, strict=True):
        for text, cell, width in zip(texts, row.cells, WIDTHS, strict=True):
            cell.text, cell.width = printable(text), Cm(width)
    for cell in grid.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for note in (*RULES, *notes_of(table.findings)):
        document.add_paragraph(printable(note))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
