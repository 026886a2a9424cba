"""``bayes-ps priors``: the published priors of heterogeneity, as they are written after --tau."""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bayes_ps.checks import BayesPSError
from bayes_ps.cli.exit_codes import DONE, MEANING
from bayes_ps.cli.speaking import answer

if TYPE_CHECKING:
    from bayes_ps.priors import Prior

HELP = "list the published priors of heterogeneity"
DESCRIPTION = """\
The published priors of the between-study standard deviation tau, each as it is written after --tau
(quote it in the shell), with its median and central 95 % range. turner2012, turner2015: log odds
ratios; rhodes2015: SMDs, and mean differences with sd=; cochrane: SMD, OR, RR, RD, HR, given that
effects do vary. Names may be shortened where only one fits. In plain words, of either table:
empirical("SMD", "pain", "exercise vs usual care")."""
EXAMPLES = """\
examples:
  bayes-ps priors --outcome pain
  bayes-ps priors --table rhodes2015 --outcome pain --comparison non-pharm

"""
TABLES = {"turner2012": ("outcome", "comparison"), "turner2015": ("outcome", "comparison"),
          "rhodes2015": ("area", "outcome", "comparison")}  # fmt: skip
BARTOS = ("SMD", "OR", "RR", "RD", "HR")


def add(commands: Any) -> None:
    """Make the command known."""
    parser = commands.add_parser(
        "priors",
        help=HELP,
        description=DESCRIPTION,
        epilog=EXAMPLES + MEANING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--table", choices=(*TABLES, "cochrane"), help="only this table")
    parser.add_argument("--area", metavar="TEXT", help="only areas with this in their name")
    parser.add_argument("--outcome", metavar="TEXT", help="only outcomes with this in their name")
    parser.add_argument("--comparison", metavar="TEXT", help="only such comparisons")
    parser.set_defaults(run=run)


def run(options: Namespace) -> int:
    """A line or two a prior."""
    found = [*_of_tables(options), *_of_cochrane(options)]
    if not found:
        raise BayesPSError("No published prior fits all of this. bayes-ps priors lists them all.")
    answer("\n".join(found))
    return DONE


def _of_tables(options: Namespace) -> Iterator[str]:
    from bayes_ps import priors
    from bayes_ps.priors.tables import cells

    for table, keys in TABLES.items():
        if options.table not in (None, table) or (options.area and "area" not in keys):
            continue
        make = getattr(priors, table)
        for cell in cells(table):
            names = [getattr(cell, key) for key in keys]
            if _fits(options, cell):
                prior = make(*filter(None, names))
                asked = ", ".join(f'"{name}"' for name in names if name)
                yield _shown(f"{table}({asked})", prior)


def _of_cochrane(options: Namespace) -> Iterator[str]:
    from bayes_ps import priors

    named = options.area or options.outcome or options.comparison
    if options.table in (None, "cochrane") and not named:
        for measure in BARTOS:
            yield _shown(f'cochrane("{measure}")', priors.cochrane(measure).tau)


def _fits(options: Namespace, cell: Any) -> bool:
    """Whether each of its names holds what was asked for."""
    asked = {key: getattr(options, key) for key in ("area", "outcome", "comparison")}
    return all(text.lower() in getattr(cell, key).lower() for key, text in asked.items() if text)


def _shown(call: str, prior: Prior) -> str:
    low, middle, high = (f"{float(prior.ppf(q)):.2g}" for q in (0.025, 0.5, 0.975))
    said = f"tau {middle} ({low} to {high}); {prior.source.split(': ')[0]}"
    return f"{call}\n    {said}" + (f"\n    {prior.warning}" if prior.warning else "")
