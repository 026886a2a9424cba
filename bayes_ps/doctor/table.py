"""`Table`: a table of studies as the rules read it: numbers, arms, pools and scales."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.doctor.finding import Finding, Sure
from bayes_ps.doctor.names import trial_of

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
POOL = ("review", "comparison", "analysis", "outcome")
TIMES = ("followup", "week")
TELLING = (
    "outcome",
    "analysis",
    "comparison",
    "subgroup",
    "followup",
    "instrument",
    "group",
    "review",
)
DIFFERENCES = ("MD", "MC", "MN")


@dataclass(frozen=True, eq=False)
class Table:
    """A table of studies with what the caller says of it; the frame is never written to."""

    frame: pd.DataFrame
    measure: str | None = None
    r: float | None = None
    icc: float | None = None
    _numbers: dict[str, Array] = field(default_factory=dict, repr=False)
    _texts: dict[str, np.ndarray] = field(default_factory=dict, repr=False)
    _made: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.frame)

    def number(self, column: str) -> Array:
        """The column as floats; NaN where there is no column, no value, text, or infinity."""
        import pandas as pd

        if column not in self._numbers:
            if column in self.frame:
                values = pd.to_numeric(self.frame[column], errors="coerce")
                read = values.to_numpy(dtype=float, na_value=np.nan)
                sane = (read == 0) | ((np.abs(read) > 1e-100) & (np.abs(read) < 1e100))
                self._numbers[column] = np.where(sane, read, np.nan)
            else:
                self._numbers[column] = np.full(len(self), np.nan)
        return self._numbers[column]

    def text(self, column: str) -> np.ndarray:
        """The column as text, "" where there is none."""
        if column not in self._texts:
            if column in self.frame:
                values = self.frame[column]
                known = np.where(values.notna(), values.astype(str), "").astype(object)
            else:
                known = np.full(len(self), "", dtype=object)
            self._texts[column] = known
        return self._texts[column]

    def once(self, make: Callable[[Table], T]) -> T:
        """What `make` makes of this table, made once for all rules."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    @cached_property
    def study(self) -> np.ndarray:
        """Names as printed."""
        return self.text("study")

    @cached_property
    def trial(self) -> np.ndarray:
        """The trial of each row: author and year."""
        return np.array([trial_of(str(name)) for name in self.study], dtype=object)

    @cached_property
    def pool(self) -> np.ndarray:
        """A number per row: rows with the same one would be pooled together.

        Follow-ups are pools of their own where a study has several; otherwise each study has its
        own time, and they are pooled.
        """
        names = [name for name in POOL if name in self.frame]
        for time in TIMES:
            if time in self.frame:
                once = self.codes([*names, "study"])
                if self.codes([*names, "study", time]).max(initial=-1) > once.max(initial=-1):
                    names = [*names, time]
        return self.codes(names)

    def codes(self, columns: list[str]) -> np.ndarray:
        """Rows that agree in all these columns share a number."""
        if not columns or not len(self):
            return np.zeros(len(self), dtype=int)
        grouped = self.frame.groupby(columns, sort=False, dropna=False)
        return np.asarray(grouped.ngroup().to_numpy(), dtype=int)

    def finding(
        self, row: int, column: str, rule: str, why: str, *, sure: Sure, mend: str
    ) -> Finding:
        """A finding in this cell."""
        cell = self.frame[column].iloc[row] if column in self.frame else ""
        value = cell if isinstance(cell, str) else float(cell)
        return Finding(str(self.study[row]), row + 1, column, value, rule, why, sure, mend)

    def here(self, row: int) -> str:
        """Python that picks this row out of `studies`, by its name where the name is enough."""
        alike, said = self._rows_of[self.study[row]], [("study", self.study[row])]
        for column in self._telling:
            if alike.size == 1:
                break
            texts = self.text(column)
            fewer = alike[texts[alike] == texts[row]]
            if texts[row] and fewer.size < alike.size:
                alike = fewer
                said.append((column, texts[row]))
        if alike.size != 1:
            return self.rows_here([row])
        if len(said) == 1:
            return f'studies["study"] == {_quoted(said[0][1])}'
        return " & ".join(f'(studies["{name}"] == {_quoted(value)})' for name, value in said)

    @cached_property
    def _rows_of(self) -> dict[str, np.ndarray]:
        rows: dict[str, list[int]] = {}
        for row, name in enumerate(self.study):
            rows.setdefault(name, []).append(row)
        return {name: np.array(each) for name, each in rows.items()}

    @cached_property
    def _telling(self) -> list[str]:
        """Columns of text that tell rows of one study apart."""
        return [
            name
            for name in TELLING
            if name in self.frame
            and all(isinstance(each, str) for each in self.frame[name].dropna())
        ]

    def rows_here(self, rows: Sequence[int]) -> str:
        """Python that picks these rows by their labels, or by where they stand if these repeat."""
        if not self.frame.index.is_unique:
            places = [int(row) for row in rows]
            return f"studies.reset_index().index.isin({places})"
        labels = [self.frame.index[row] for row in rows]
        plain = [label.item() if hasattr(label, "item") else label for label in labels]
        return f"studies.index.isin({plain})"

    def setting(self, row: int | list[int], column: str | list[str], change: str) -> str:
        """Python that changes these cells: `change` is such as ``"/= 1000"``."""
        names = [column] if isinstance(column, str) else column
        where = self.rows_here(row) if isinstance(row, list) else self.here(row)
        cell = f'"{names[0]}"' if len(names) == 1 else "[" + ", ".join(map(_quoted, names)) + "]"
        return f"{self.as_float(names)}studies.loc[{where}, {cell}] {change}"

    def as_float(self, columns: list[str]) -> str:
        """Python that makes room for fractions where a column holds integers only."""
        whole = [c for c in columns if c in self.frame and self.frame[c].dtype.kind in "iu"]
        if not whole:
            return ""
        return f"studies = studies.astype({{{', '.join(f'{_quoted(c)}: float' for c in whole)}}}); "

    def filling(self, row: int, column: str, template: str) -> str:
        """Python that computes this cell from others of its row, each written as ``{name}``."""
        first = self.as_float([column])
        value = template.replace("{", 'studies.loc[row, "').replace("}", '"]')
        return f'{first}row = {self.here(row)}; studies.loc[row, "{column}"] = {value}'

    def emptying(self, row: int, column: str | list[str]) -> str:
        """Python that empties these cells: only the paper knows what it should be."""
        return self.setting(row, column, '= float("nan")  # or what the paper says')

    def dropping(self, row: int) -> str:
        """Python that leaves this row out."""
        return f"studies = studies[~({self.here(row)})]"


def places(mask: np.ndarray) -> list[int]:
    """Where a mask is true."""
    return [int(at) for at in np.flatnonzero(mask)]


def _quoted(value: object) -> str:
    text = str(value)
    return f'"{text}"' if '"' not in text and "\\" not in text else repr(text)
