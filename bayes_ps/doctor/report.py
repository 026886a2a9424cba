"""`Report`: what the doctor found, the most certain first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from bayes_ps.doctor.finding import LEVELS, Finding

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Report:
    """What :func:`bayes_ps.examine` found. It has a length and can be iterated over.

    Attributes
    ----------
    findings : the most certain first, then in the order of the table.
    rows : number of rows that were examined.
    source : the file the table came from, "" where it is not known.
    """

    findings: tuple[Finding, ...]
    rows: int
    source: str = ""

    def __len__(self) -> int:
        return len(self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def of(self, *, study: str | None = None, rule: str | None = None) -> Report:
        """The findings of one study, or of one rule."""
        kept = tuple(
            each
            for each in self.findings
            if study in (None, each.study) and rule in (None, each.rule)
        )
        return Report(kept, self.rows, self.source)

    def to_frame(self) -> pd.DataFrame:
        """A row a finding, the columns those of :class:`Finding`."""
        import pandas as pd

        names = [field.name for field in fields(Finding)]
        return pd.DataFrame([vars(each) for each in self.findings], columns=names)

    def __str__(self) -> str:
        origin = f" of {self.source}" if self.source else ""
        examined = f"{self.rows} row{'' if self.rows == 1 else 's'}{origin}"
        if not self.findings:
            return f"Nothing stands out in {examined}."
        counts = Counter(each.sure for each in self.findings)
        said = ", ".join(f"{counts[level]} {level}" for level in LEVELS if counts[level])
        found = "1 finding" if len(self.findings) == 1 else f"{len(self.findings)} findings"
        head = f"{found} in {examined}: {said}."
        return "\n".join([head, *map(str, self.findings)])
