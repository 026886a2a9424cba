"""VALIDATION.md, written from the comparisons that the tests run."""

from __future__ import annotations

import ast
import math
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tests.validation.registry import every_comparison, modules

PAGE = Path(__file__).parent / "VALIDATION.md"
GOLDEN = Path(__file__).parents[1] / "golden"
HEAD = """\
# Validation

What our classical results are held against. Written by `python -m tests.validation` from the
comparisons that the tests run; `tests/validation/test_validation.py` holds the page to them, and no
comparison may go. A difference is |ours − theirs| relative to the size of the value, to its
standard error where it may be near 0, and for most P values to P (1 + statistic²); the table
gives the power of ten that none exceeds. Where a program is named "as … print it", or stopped
early, the difference is that of its digits or of its stopping; RevMan's six decimals are compared
as they stand.
"""


@dataclass
class Summary:
    """The comparisons of one method with one program."""

    values: int = 0
    datasets: set[str] = field(default_factory=set)
    largest: float = 0.0


def summaries() -> dict[tuple[str, str], Summary]:
    """{(program, method): summary}, in the order of the cases."""
    found: dict[tuple[str, str], Summary] = defaultdict(Summary)
    for _, program, each in every_comparison():
        summary = found[program, each.method]
        summary.values += 1
        summary.datasets.add(each.dataset)
        summary.largest = max(summary.largest, each.difference)
    return dict(found)


def rows() -> list[str]:
    """The table: a row a method, without its head."""
    return [
        f"| {program} | {method} | {each.values} | {len(each.datasets)} | {bound(each.largest)} |"
        for (program, method), each in summaries().items()
    ]


def bound(difference: float) -> str:
    """The power of ten that the difference does not exceed."""
    return "0" if difference == 0 else f"1e{math.ceil(math.log10(difference)):d}"


def counted(text: str) -> dict[tuple[str, str], tuple[int, int]]:
    """{(program, method): (values, data sets)} of a page's table."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 5 and cells[2].isdigit():
            found[cells[0], cells[1]] = int(cells[2]), int(cells[3])
    return found


def published() -> list[str]:
    """What each golden test of a paper holds: its name and the first line of its docstring."""
    lines = []
    for path in sorted(GOLDEN.glob("test_papers_*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                said = (ast.get_docstring(node) or "").partition("\n")[0]
                name = node.name.removeprefix("test_").replace("_", " ")
                lines.append(f"* {name}: {said} (`{path.name}`)")
    return lines


def page() -> str:
    """The whole page."""
    table = rows()
    total = sum(values for values, _ in counted("\n".join(table)).values())
    parts = [
        HEAD,
        "## What agrees, and to how many digits\n",
        f"{total} values.\n",
        "| program | method | values | data sets | no difference above |",
        "|---|---|---|---|---|",
        *table,
        "\nAnd published numbers, most to half their last digit, by these tests of tests/golden:\n",
        *published(),
        "\n## What does not agree, and why\n",
        *(getattr(each, "DISAGREES", "").rstrip() for each in modules()),
        "\n## What is not compared\n",
        *(getattr(each, "NOT_COMPARED", "").rstrip() for each in modules()),
        "",
    ]
    return "\n".join(parts)
