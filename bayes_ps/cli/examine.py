"""``bayes-ps examine``: what is wrong in a table, and the Python that mends it."""

from __future__ import annotations

import argparse
import json
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from bayes_ps.cli.analyse_options import add_table_options
from bayes_ps.cli.exit_codes import DONE, FOUND, MEANING
from bayes_ps.cli.speaking import answer, aside

if TYPE_CHECKING:
    import pandas as pd

HELP = "examine a table for what is wrong in it"
DESCRIPTION = """\
Look for numbers that cannot be, contradict each other, or are unusual: a standard error typed as an
SD, a slipped decimal point, an interval that does not hold its estimate. Each finding is a sentence
with the Python that mends it, the most certain first. Nothing is changed."""
EXAMPLES = """\
examples, from the project's folder:
  bayes-ps examine examples/data/chronic_back_pain_self_management.csv
  bayes-ps examine examples/data/CD004376-analyses-1.1-to-1.3.csv --analysis 1.1 --json

"""


def add(commands: Any) -> None:
    """Make the command known."""
    parser = commands.add_parser(
        "examine",
        help=HELP,
        description=DESCRIPTION,
        epilog=EXAMPLES + MEANING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_table_options(parser)
    parser.add_argument("--measure", help="of all rows, such as MD: then their SDs are compared")
    parser.add_argument("--json", action="store_true", help="for another program")
    parser.add_argument("--quiet", action="store_true", help="no notes on how the file was read")
    parser.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print the findings; of a review without --analysis, of all its rows."""
    from bayes_ps.cli.reading import read
    from bayes_ps.doctor import examine

    studies, of_review = read(options)
    rows = _rows(studies, options, of_review=of_review)
    report = examine(rows, measure=options.measure)
    if options.json:
        from bayes_ps.cli.results_file import plain

        found = {
            "source": studies.source,
            "rows": report.rows,
            "notes": studies.notes,
            "findings": [vars(each) for each in report],
        }
        answer(json.dumps(plain(found), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        for note in () if options.quiet else studies.notes:
            aside(f"Note: {note}")
        answer(str(report))
    return FOUND if len(report) else DONE


def _rows(studies: pd.DataFrame, options: Namespace, *, of_review: bool) -> pd.DataFrame:
    from bayes_ps.cli.reading import chosen

    everything = of_review and options.analysis is None
    return chosen(studies, options, review=of_review and not everything)
