"""Run the benchmarks, all or those that are named, and print the table."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import ModuleType

from tests.benchmarks import baseline, many, nuts, reading, start
from tests.benchmarks.figures import HEAD, Case, Figure

ROOMS = (baseline, many, reading, start)
SLOW = (nuts,)  # only if they are named


def cases(rooms: Iterable[ModuleType] = (*ROOMS, *SLOW)) -> dict[str, Case]:
    """Every case by its name."""
    return {case.__name__: case for room in rooms for case in room.CASES}


def lines(figures: Iterable[Figure]) -> Iterable[str]:
    """The table, a line at a time."""
    widths = (52, 9, 35, 9, 7, 22, 4)
    rows = [HEAD, tuple("-" * width for width in widths)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    for figure in figures:
        yield "  ".join(c.ljust(width) for c, width in zip(figure.cells, widths, strict=True))


def main(names: list[str]) -> int:
    """Print the figures; 1 if a promise is not kept."""
    known = cases()
    kept = True
    unknown = set(names) - set(known)
    if unknown:
        sys.stderr.write(f"There is no {', '.join(unknown)}. Have: {', '.join(known)}.\n")
        return 2

    def figures() -> Iterable[Figure]:
        nonlocal kept
        for name in names or cases(ROOMS):
            for figure in known[name](1.0):
                kept = kept and figure.kept is not False
                yield figure

    for line in lines(figures()):
        sys.stdout.write(line.rstrip() + "\n")
        sys.stdout.flush()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
