"""What `bayes-ps analyse` may be asked."""

from __future__ import annotations

import argparse
from typing import Any

from bayes_ps.cli.mcid_options import KINDS, InOrder


def add_table_options(parser: argparse.ArgumentParser) -> None:
    """Of FILE and its rows; `examine` has them too."""
    parser.add_argument("file", metavar="FILE", help="CSV, XLSX, Cochrane data package, or .rm5")
    group = parser.add_argument_group("rows and columns")
    add = group.add_argument
    add("--analysis", metavar="N", help='of a review, such as "1.2"; left out, they are listed')
    add("--subgroup", metavar="NAME", help="only rows of this subgroup")
    add("--where", metavar="COLUMN=VALUE", action="append", default=[], help="only such rows")
    add("--drop", metavar="STUDY", action="append", default=[], help="leave this study out")
    add(
        "--column",
        metavar="OURS=THEIRS",
        action="append",
        default=[],
        dest="columns",
        help='a column that has another name, such as mean_t="Mean intervention"',
    )
    add("--sheet", metavar="NAME", help="of a workbook; its name, or its number from 0")


def add_analyse_options(parser: argparse.ArgumentParser) -> None:
    """All of `analyse`."""
    add_table_options(parser)
    _effects(parser.add_argument_group("effects"))
    _mcids(parser.add_argument_group("what matters (MCID)"))
    _patients(parser.add_argument_group("patients"))
    _computing(parser.add_argument_group("model and computation"))
    _output(parser.add_argument_group("output"))


def _effects(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--measure", help="metafor's code: MD, SMD, OR, RR, HR, …; a review states its own")
    add("--better", choices=("lower", "higher"), required=True, help="which way helps patients")
    add("--unit", help='of the outcome, such as "points (0-100)"; SMDs and ratios have their own')
    add("--sd", type=float, help="SD of an instrument, to put SMDs into its points: an assumption")
    add("--points", metavar="UNIT", help='of --sd, such as "points (0-100)"')
    add("--sd-source", metavar="TEXT", help="where --sd comes from")
    add("--sd-from-se", action="store_true", help="missing sd_t, sd_c from columns se_t, se_c")
    add("--use-change", action="store_true", help="change_mean_t, … where no final value is given")
    add(
        "--double-zero",
        choices=("error", "drop", "keep"),
        default="error",
        help="studies without an event in either arm (default: %(default)s)",
    )


def _mcids(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    several: dict[str, Any] = {"action": InOrder, "dest": "mcids", "default": []}
    add(
        "--mcid",
        type=float,
        nargs=1,
        metavar="SIZE",
        **several,
        help="a size above 0; of a ratio the ratio, 0.8",
    )
    add(
        "--mcid-range",
        type=float,
        nargs=2,
        metavar=("LOW", "HIGH"),
        **several,
        help="an uncertain MCID, anywhere between the two; it is integrated over",
    )
    add("--published-mcid", type=int, nargs=1, metavar="ROW", **several, help="of bayes-ps mcid")
    add("--mcid-unit", metavar="UNIT", help="default: that of the effects (of log ratios: ratio)")
    add("--mcid-source", metavar="TEXT", action="append", default=[], help="once, or once for each")
    add(
        "--mcid-kind",
        choices=KINDS,
        action="append",
        default=[],
        help="once, or once for each; published MCIDs have their own",
    )


def _patients(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--baseline-risk",
        metavar="P",
        help="of OR, RR, HR: risk without treatment, 0.2 or 'uniform(0.1, 0.3)': events per 1000",
    )
    add("--control-share", metavar="P", help="of MD, SMD: share of controls who reach the MCID")
    add("--control-mean", type=float, metavar="X", help="instead of it, their mean change")
    add("--patient-sd", type=float, metavar="SD", help="of one patient's change, unit of the MCID")


def _computing(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--tau",
        metavar="PRIOR",
        help="prior of the between-study SD, such as 'half_normal(0.5)'; default: by the measure",
    )
    add(
        "--also-tau",
        metavar="PRIOR",
        action="append",
        default=[],
        help="another one, under which the decision is looked at too",
    )
    add("--mu", metavar="PRIOR", default="flat()", help="of the mean effect (default: %(default)s)")
    add(
        "--engine",
        choices=("exact", "nuts"),
        default="exact",
        help="quadrature, or PyMC and nutpie (default: %(default)s)",
    )
    add(
        "--student-t",
        action="store_true",
        help="also look at the decision under Student-t random effects (by NUTS: a minute more)",
    )
    add("--seed", type=int, default=1, help="of every draw (default: %(default)s)")


def _output(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--out", metavar="FOLDER", required=True, help="made anew; appears whole or not at all")
    add("--force", action="store_true", help="replace a folder that this command wrote")
    add("--title", help="of the report")
    add(
        "--figures",
        nargs="+",
        choices=("png", "svg", "pdf"),
        default=["png", "svg"],
        help="formats of the figures (default: png svg)",
    )
    add(
        "--style",
        choices=("plain", "revman", "jama"),
        default="plain",
        help="of the forest plot (default: %(default)s)",
    )
    add(
        "--posterior",
        choices=("auto", "netcdf", "zarr", "none"),
        default="auto",
        help="draws for ArviZ; auto: NetCDF if h5netcdf or netCDF4 is installed, else Zarr",
    )
    add("--quiet", action="store_true", help="no progress and no notes")
