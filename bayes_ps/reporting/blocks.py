"""What a section of the report is made of: paragraphs, tables, pictures, code, lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Text:
    """A paragraph; `ready` to be pasted into a manuscript, `formula` set apart."""

    text: str
    ready: bool = False
    formula: bool = False
    kind: ClassVar[str] = "text"

    def words(self) -> Iterator[str]:
        yield self.text


FOLDED = 20
"""Rows from which on a table is folded: on paper it is open."""


@dataclass(frozen=True)
class Table:
    """A table whose first column names the row; `lights` holds judgements, a sign and a word."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lights: bool = False
    kind: ClassVar[str] = "table"

    def words(self) -> Iterator[str]:
        yield self.caption
        for row in (self.header, *self.rows):
            yield from row

    @property
    def folded(self) -> bool:
        """Whether a reader opens it."""
        return len(self.rows) >= FOLDED


@dataclass(frozen=True)
class Picture:
    """A figure as a data URI with its alt text."""

    caption: str
    alt: str
    uri: str
    width: int
    height: int
    kind: ClassVar[str] = "picture"

    def words(self) -> Iterator[str]:
        yield self.caption
        yield self.alt


@dataclass(frozen=True)
class Code:
    """A script in a language."""

    language: str
    text: str
    kind: ClassVar[str] = "code"

    def words(self) -> Iterator[str]:
        yield self.text


@dataclass(frozen=True)
class Listed:
    """A list of sentences."""

    items: tuple[str, ...]
    kind: ClassVar[str] = "list"

    def words(self) -> Iterator[str]:
        yield from self.items


@dataclass(frozen=True)
class Repairs:
    """Sentences about what may be wrong, each with the code that mends it."""

    caption: str
    items: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "repairs"

    def words(self) -> Iterator[str]:
        for said, code in self.items:
            yield said
            yield code


@dataclass(frozen=True)
class Source:
    """A work that the report rests on."""

    doi: str
    citation: str
    kind: ClassVar[str] = "source"

    def words(self) -> Iterator[str]:
        yield self.citation


Block = Text | Table | Picture | Code | Listed | Repairs | Source


@dataclass(frozen=True)
class Section:
    """A section: its anchor, title, the items of BARG and PRISMA 2020 that it answers, its blocks.

    Attributes
    ----------
    key : the anchor, which the table of items points at.
    """

    key: str
    title: str
    answers: str
    blocks: tuple[Block, ...]

    def words(self) -> Iterator[str]:
        """Every text in it."""
        yield self.title
        for block in self.blocks:
            yield from block.words()


def table_of(
    frame: pd.DataFrame, caption: str, header: Sequence[str] = (), *, digits: int = 4
) -> Table:
    """A frame as a table: numbers to so many significant digits, "–" where there is none."""
    rows = tuple(
        tuple(shown_cell(value, digits) for value in row)
        for row in frame.astype(object).itertuples(index=False, name=None)
    )
    return Table(caption, tuple(header) or tuple(map(str, frame)), rows)


def shown_cell(value: object, digits: int = 4) -> str:
    """A value of a frame as a cell."""
    if value is None or value != value or value == "":
        return "–"
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    return str(value)
