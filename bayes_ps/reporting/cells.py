"""Text in the cells of exported tables: no formula, no markup, nothing that a format forbids."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

STARTS_FORMULA = re.compile(r"^[\s\x00]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]")
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
MINUS = re.compile(r"(?<![\w.)-])-(?=\d)")
LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "−": "$-$",
    "±": r"$\pm$",
    "²": r"\textsuperscript{2}",
    "≥": r"$\geq$",
    "–": "--",
    "\n": " ",
}
"""What stands for a character in text; the rest is left to UTF-8, LaTeX's encoding since 2018."""


def printable(text: str) -> str:
    """Without control characters and lone surrogates, which neither HTML nor Word may hold."""
    return FORBIDDEN.sub("\ufffd", text)


def no_formula(text: str) -> str:
    """With an apostrophe before what a spreadsheet would compute: ``=1+1`` is ``'=1+1``.

    Cells that begin with = + - @ (also full-width, also after blanks), tab or line break; OWASP,
    "CSV injection".
    """
    return f"'{text}" if STARTS_FORMULA.search(text) else text


def latex(text: str) -> str:
    """As LaTeX prints it, whatever it holds; the hyphen before a number is a minus."""
    signed = MINUS.sub("\u2212", printable(text))
    return "".join(LATEX.get(sign, sign) for sign in signed)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV table: numbers as they are, text that is no formula; an empty cell is "not known"."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str):
        return no_formula(printable(value))
    return "" if value is None or value != value else value
