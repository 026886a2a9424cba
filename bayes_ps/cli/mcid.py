"""``bayes-ps mcid``: the published values, with what each was derived for and how."""

from __future__ import annotations

import argparse
import shutil
import textwrap
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from bayes_ps.cli.exit_codes import DONE, MEANING
from bayes_ps.cli.speaking import answer

HELP = "list published MCIDs"
DESCRIPTION = """\
Published minimal clinically important differences: the value with its row (for --published-mcid of
bayes-ps analyse), the instrument, the direction and population it was derived for, its kind and
method, whether it was read in the paper itself (primary) or not, and its source. No list is
complete, and several values of one instrument are the rule."""
EXAMPLES = """\
examples:
  bayes-ps mcid pain
  bayes-ps mcid pain --instrument VAS

"""
WIDEST = 100
INDENT = "      "


def add(commands: Any) -> None:
    """Make the command known."""
    parser = commands.add_parser(
        "mcid",
        help=HELP,
        description=DESCRIPTION,
        epilog=EXAMPLES + MEANING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("outcome", metavar="OUTCOME", nargs="?", help="such as pain; else all")
    parser.add_argument("--instrument", metavar="NAME", help="such as VAS, WOMAC, EQ-5D")
    parser.set_defaults(run=run)


def run(options: Namespace) -> int:
    """A paragraph a value, as wide as the terminal."""
    from bayes_ps.decision import mcids

    found = mcids(options.outcome, options.instrument)
    width = min(shutil.get_terminal_size((80, 24)).columns, WIDEST)
    for row, one in found.iterrows():
        answer("\n".join(_shown(int(row), one, width)))
    return DONE


def _shown(row: int, one: Any, width: int) -> Iterator[str]:
    """Value and instrument, then what must be known of it, then the source."""
    head = f"{row:>4}  {one['value']:g} {one['unit']} on {one['instrument']}, {one['outcome']}"
    derived = ", ".join(filter(None, (one["direction"], one["population"])))
    details = f"{derived}. {one['kind']}, {one['method']}; {one['status']}."
    for text in (f"{one['note']}." if one["note"] else "", details, one["source"]):
        if text:
            head += "\n" + textwrap.fill(
                text, width, initial_indent=INDENT, subsequent_indent=INDENT
            )
    first, *rest = head.split("\n")
    yield textwrap.fill(first, width, subsequent_indent=INDENT)
    yield from rest
