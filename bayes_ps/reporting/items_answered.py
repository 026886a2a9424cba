"""What the guidelines on reporting ask, and where the report answers it; what it does not, and why.

The items are those of BARG (Kruschke 2021), ROBUST (Sung 2005), PRISMA 2020, Cochrane, GRADE, and
what an MCID must come with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bayes_ps.reporting.blocks import Section, Table, Text
from bayes_ps.reporting.material import Material

Test = Callable[[Material], bool]


class Item(NamedTuple):
    """One thing to report.

    source, item : who asks for what.
    where : the anchor of the section that answers it; "" if the report cannot.
    otherwise : what is missing where `given` is false, or why the report cannot answer.
    given : whether it is answered in this report.
    """

    source: str
    item: str
    where: str
    otherwise: str = ""
    given: Test = lambda m: True


def _mcid(m: Material) -> bool:
    return m.mcid is not None


def _grid(m: Material) -> bool:
    return m.grid is not None


def _sourced(m: Material) -> bool:
    given = [getattr(m.fit.model, name, None) for name in ("mu", "tau")]
    return all(prior.source or prior.family == "flat" for prior in given if prior is not None)


def _pools(m: Material) -> bool:
    return m.pools is not None and m.effects.k > 1


NO_MCID = "no MCID was given"
ITEMS = (
    Item("BARG", "Why Bayesian, and the goals", "question"),
    Item("BARG", "Likelihood and all parameters, in words and formulas", "model"),
    Item("BARG", "Priors, justified", "priors", "a prior has no source: give it one", _sourced),
    Item("BARG", "Prior predictive check", "priors"),
    Item("BARG", "Software and versions", "reproduce"),
    Item("BARG", "Convergence, effective sample sizes", "computation"),
    Item("BARG", "Monte Carlo error of every derived probability", "decision", NO_MCID, _mcid),
    Item("BARG", "Posterior predictive check", "computation"),
    Item("BARG", "Posterior summaries with intervals", "posterior"),
    Item("BARG", "Decision criteria and limits", "decision", NO_MCID, _mcid),
    Item("BARG", "Loss function", "", "none is assumed: weighing benefit and harm is the panel's"),
    Item("BARG", "Sensitivity to priors", "priors-varied", "no refit", _grid),
    Item(
        "BARG",
        "Sensitivity of the decision",
        "priors-varied",
        NO_MCID,
        lambda m: _mcid(m) and _grid(m),
    ),
    Item("BARG", "Script, data, seed", "reproduce"),
    Item("BARG", "Stored posterior", "", "not in this file: fit.dt.to_netcdf(…) stores it"),
    Item("ROBUST", "Prior: stated, justified", "priors", "a prior has no source", _sourced),
    Item("ROBUST", "Prior: sensitivity", "priors-varied", "no refit", _grid),
    Item("ROBUST", "Model, technique", "model"),
    Item("ROBUST", "Central tendency, SD or interval", "posterior"),
    Item("PRISMA 13d", "Model, heterogeneity, software", "paragraphs"),
    Item("PRISMA 13e", "Causes of heterogeneity", "", "none explored here: fit a meta-regression"),
    Item("PRISMA 13f, 20d", "Sensitivity analyses", "priors-varied", "no refit", _grid),
    Item(
        "PRISMA 13f, 20d",
        "One study fewer",
        "leave-one-out",
        "not possible here",
        lambda m: m.left_out is not None,
    ),
    Item(
        "PRISMA 14, 21",
        "Missing results, small-study effects",
        "baseline",
        "too few studies to test",
        lambda m: m.effects.k >= 10 and m.effects.V is None,
    ),
    Item("PRISMA 15, 22", "Certainty: inputs for GRADE", "decision", NO_MCID, _mcid),
    Item("PRISMA 19", "Estimate and precision of each study", "data"),
    Item("PRISMA 20b", "Summary, interval, heterogeneity", "posterior"),
    Item(
        "Cochrane",
        "DL/Wald and REML/HKSJ, prediction, Q-profile",
        "baseline",
        "takes 2 independent studies",
        _pools,
    ),
    Item("Handbook 15", "The result on a familiar scale", "", "convert the effects before the fit"),
    Item(
        "GRADE 34", "Threshold, side of the estimate, what is crossed", "decision", NO_MCID, _mcid
    ),
    Item("MCID", "Mean effect, new setting and share kept apart", "decision", NO_MCID, _mcid),
    Item("MCID", "Share of patients who respond", "", "takes the spread of patients within arms"),
    Item("MCID", "Kind, direction, population, source", "decision", NO_MCID, _mcid),
    Item("MCID", "Several thresholds; the curve", "figures", NO_MCID, _mcid),
    Item("MCID", "Direction: any benefit, trivial, harm", "decision", NO_MCID, _mcid),
    Item("Published practice", "Targets × priors × cut-offs", "priors-varied", NO_MCID, _mcid),
    Item("FDA draft 2026", "Operating characteristics", "", "for trials: bps.calibrate simulates"),
)


def checklist(m: Material) -> Section:
    """A table of the items with the section that answers each."""
    rows = []
    for item in ITEMS:
        answered = bool(item.where) and item.given(m)
        rows.append(
            (
                f"{item.source}: {item.item}",
                "yes" if answered else "no",
                f"#{item.where}" if answered else item.otherwise,
            )
        )
    said = (
        "What is asked of a Bayesian meta-analysis by BARG (doi:10.1038/s41562-021-01177-7), "
        "PRISMA 2020 (doi:10.1136/bmj.n71) and others, and where this report answers it."
    )
    head = ("Item", "Answered", "Where, or why not")
    return Section("items", "Reporting items", "", (Text(said), Table("Items", head, tuple(rows))))
