"""`Finding`: one thing that may be wrong in a table of studies, and the call that mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sure = Literal["certain", "likely", "look"]
LEVELS: tuple[Sure, ...] = ("certain", "likely", "look")


@dataclass(frozen=True)
class Finding:
    """One finding of :func:`bayes_ps.examine`.

    Attributes
    ----------
    study : as printed in the table.
    row : counted from 1, without the header.
    column, value : the cell, as it stands.
    rule : short name of the rule, such as ``"SE typed as SD"``.
    why : a sentence with the numbers that show it.
    sure : ``"certain"`` (the row contradicts itself, its range, or arithmetic), ``"likely"`` (an
        honest row would hardly look like this) or ``"look"`` (unusual: open the paper).
    mend : Python that works on the table, which it calls ``studies``. Where only the paper knows
        the right value, it empties the cell or leaves the row out.
    """

    study: str
    row: int
    column: str
    value: float | str
    rule: str
    why: str
    sure: Sure
    mend: str

    def __str__(self) -> str:
        value = f"= {self.value:.6g}" if isinstance(self.value, float) else f"= {self.value!r}"
        if self.value != self.value:
            value = "missing"
        return (
            f'{self.sure}: {self.rule}. "{self.study}" (row {self.row}), {self.column} {value}. '
            f"{self.why}\n    {self.mend}"
        )
