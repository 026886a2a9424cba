"""What the guidelines on reporting ask, and where the report answers it; what it does not, and why.

The items are those of BARG (Kruschke 2021), ROBUST (Sung 2005), PRISMA 2020, Cochrane, GRADE, and
what an MCID must come with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bayes_ps.decision.patients import SMD
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


def _robust(m: Material) -> bool:
    return m.robust is not None


def _sourced(m: Material) -> bool:
    given = [getattr(m.fit.model, name, None) for name in ("mu", "tau")]
    return all(prior.source or prior.family == "flat" for prior in given if prior is not None)


def _empirical(m: Material) -> bool:
    tried = [str(getattr(m.fit.model, "tau", ""))]
    tried += [v.tau for v in m.robust.variants] if m.robust is not None else []
    return any(name in said for said in tried for name in ("Turner", "Rhodes"))


def _patients(m: Material) -> bool:
    return m.patients is not None


def _pools(m: Material) -> bool:
    return m.pools is not None and m.effects.k > 1


def _tested(m: Material) -> bool:
    return m.asymmetry is not None


def _scaled(m: Material) -> bool:
    return bool(m.mcids) or m.sd is not None or m.effects.measure in SMD


def _judged(m: Material) -> bool:
    return any(name.startswith("rob_") for name in m.effects.columns)


def _bands(m: Material) -> bool:
    return sum(one.certain for one in m.mcids) > 1


def _of_kind(m: Material) -> bool:
    return bool(m.mcids) and all(
        "not stated" not in (one.kind, one.method) and one.population for one in m.mcids
    )


NO_MCID = "no MCID was given"
TWO = "takes two MCIDs of one number"
FEW = "takes 2 independent studies"
EMPIRICAL = "neither Turner's nor Rhodes' was used or tried"
NOT_TRIED = "the decision was not examined under other analyses"
UNSOURCED = "a prior has no source: give it one"
ITEMS = (
    Item("BARG", "Why Bayesian, and the goals", "question"),
    Item("BARG", "Likelihood and all parameters, in words and formulas", "model"),
    Item("BARG", "Priors, justified", "priors", UNSOURCED, _sourced),
    Item("BARG", "Prior predictive check", "priors"),
    Item("BARG", "Software and versions", "reproduce"),
    Item("BARG", "Convergence, effective sample sizes", "computation"),
    Item("BARG", "Monte Carlo error of every derived probability", "decision", NO_MCID, _mcid),
    Item("BARG", "Posterior predictive check", "computation"),
    Item("BARG", "Posterior summaries with intervals", "posterior"),
    Item("BARG", "Decision criteria and limits", "decision", NO_MCID, _mcid),
    Item("BARG", "Loss function", "", "none is assumed: weighing benefit and harm is the panel's"),
    Item("BARG", "Sensitivity to priors, broad and informed", "robustness", NOT_TRIED, _robust),
    Item("BARG", "Sensitivity of the decision", "robustness", NOT_TRIED, _robust),
    Item("BARG", "Script, data, seed", "reproduce"),
    Item("BARG", "Stored posterior", "", "not in this file: fit.dt.to_netcdf(…) stores it"),
    Item("ROBUST", "Prior: stated, justified", "priors", UNSOURCED, _sourced),
    Item("ROBUST", "Prior: sensitivity", "robustness", NOT_TRIED, _robust),
    Item("ROBUST", "Model, technique", "model"),
    Item("ROBUST", "Central tendency, SD or interval", "posterior"),
    Item("PRISMA 13d", "Model, heterogeneity, software", "paragraphs"),
    Item("PRISMA 13e, 20c", "Causes of heterogeneity", "", "none explored: fit a meta-regression"),
    Item("PRISMA 13f, 20d", "Sensitivity analyses", "robustness", NOT_TRIED, _robust),
    Item("PRISMA 14, 21", "Small-study effects", "baseline", "too few studies to test", _tested),
    Item("PRISMA 15, 22", "Certainty: inputs for GRADE", "decision", NO_MCID, _mcid),
    Item("PRISMA 18", "Risk of bias of each study", "data", "no columns rob_…", _judged),
    Item("PRISMA 19", "Estimate and precision of each study", "data"),
    Item("PRISMA 20b", "Summary, interval, heterogeneity", "posterior"),
    Item("PRISMA", "Methods and results ready to paste", "paragraphs"),
    Item("Cochrane", "DL/Wald and REML/HKSJ, prediction, Q-profile", "baseline", FEW, _pools),
    Item("Cochrane", "An empirical prior of heterogeneity", "priors", EMPIRICAL, _empirical),
    Item("Handbook 15", "The result on a familiar scale", "scale", "give an MCID", _scaled),
    Item("GRADE 34", "Threshold, side of the estimate, crossings", "decision", NO_MCID, _mcid),
    Item("GRADE", "Optimal information size", "", "not computed: it takes a control mean or risk"),
    Item("MCID", "Mean effect, new setting and share kept apart", "decision", NO_MCID, _mcid),
    Item("MCID", "Share of patients who respond", "patients", "give patients=…", _patients),
    Item("MCID", "Mean is not patient: what it does not say", "patients"),
    Item("MCID", "Kind, method and population", "decision", "not stated of each MCID", _of_kind),
    Item("MCID", "Its credibility rating (Devji 2020)", "", "an MCID here holds none"),
    Item("MCID", "Several thresholds; the curve", "figures", NO_MCID, _mcid),
    Item("MCID", "Direction: any benefit, trivial, harm", "decision", NO_MCID, _mcid),
    Item("Published practice", "Targets × priors × cut-offs", "robustness", NOT_TRIED, _robust),
    Item("Published practice", "Bands of size", "decision", TWO, _bands),
    Item("FDA draft 2026", "Operating characteristics", "", "for trials: bps.calibrate simulates"),
)


def checklist(m: Material) -> Section:
    """A table of the items with the section that answers each, and which are not answered."""
    rows, missing = [], []
    for item in ITEMS:
        answered = bool(item.where) and item.given(m)
        where = f"#{item.where}" if answered else item.otherwise
        rows.append((f"{item.source}: {item.item}", "yes" if answered else "no", where))
        if not answered:
            missing.append(f"{item.source}: {item.item} ({item.otherwise})")
    said = (
        "What is asked of a Bayesian meta-analysis by BARG (doi:10.1038/s41562-021-01177-7), "
        "PRISMA 2020 (doi:10.1136/bmj.n71) and others, and where this report answers it."
    )
    head = ("Item", "Answered", "Where, or why not")
    blocks = (Text(said), Text(f"Not answered here: {'; '.join(missing)}."))
    return Section("items", "Reporting items", "", (*blocks, Table("Items", head, tuple(rows))))
