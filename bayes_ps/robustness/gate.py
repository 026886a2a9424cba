"""`reportable`: may these probabilities be reported, as they are or as a direction only?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bayes_ps import words
from bayes_ps.checks import BayesPSError
from bayes_ps.decision import MCID
from bayes_ps.diagnostics import certify, diagnose
from bayes_ps.diagnostics.sampling import BFMI_MIN, ESS_MIN_PER_CHAIN, RHAT_MAX, Diagnosis
from bayes_ps.fitting.engines import ERROR_MAX
from bayes_ps.posterior import Fit, Setting
from bayes_ps.robustness.flipping import FEW, MOST, Robustness, robustness
from bayes_ps.sensitivity.question import Question

Status = Literal["ready", "directional", "not reportable"]
MCSE_MAX = 0.01
"""Of a probability: above it the second decimal is not known."""


@dataclass(frozen=True)
class Check:
    """One thing that a report depends on.

    Attributes
    ----------
    name, value, wanted : what was looked at, the number found, and what was wanted, in words.
    passed : whether it is as wanted.
    allows : the status that it allows at most if not.
    reason : why not, a sentence with the number; "" if passed.
    """

    name: str
    value: str
    wanted: str
    passed: bool
    allows: Status
    reason: str


@dataclass(frozen=True, eq=False)
class Gate:
    """Whether the probabilities of a fit may be reported.

    Attributes
    ----------
    checks : what was looked at.
    robustness : what was found of the fragility; None if it was not looked at.
    """

    checks: tuple[Check, ...]
    robustness: Robustness | None

    @property
    def status(self) -> Status:
        """Ready; directional: only which way the effect points; or not reportable: mend the fit."""
        allowed = {check.allows for check in self.checks if not check.passed}
        if "not reportable" in allowed:
            return "not reportable"
        return "directional" if allowed else "ready"

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is not ready, a sentence each with its number."""
        return tuple(check.reason for check in self.checks if not check.passed)

    def to_frame(self) -> pd.DataFrame:
        """A row a check: check, value, wanted, passed, allows (if not passed), reason."""
        frame = pd.DataFrame([asdict(check) for check in self.checks])
        return frame.rename(columns={"name": "check"})

    def __str__(self) -> str:
        meaning = {
            "ready": f"all {len(self.checks)} checks passed",
            "directional": "report which way the effect points, and these reasons",
            "not reportable": "mend the fit before any number is reported",
        }[self.status]
        return " ".join([f"{self.status.capitalize()}: {meaning}.", *self.reasons])


def reportable(
    fit: Fit,
    mcid: MCID | None = None,
    robustness: Robustness | None = None,
    *,
    at: Setting = None,
) -> Gate:
    """May the probabilities of this fit be reported?

    Parameters
    ----------
    fit : by either engine.
    mcid : in the unit of the effects. Without it no decision can be robust: directional at most.
    robustness : of the same effects and MCID; made here if None and the fit is Gaussian.
    at : the setting, for a model with moderators.

    Returns
    -------
    Gate
        ``status`` is "not reportable" if the computation failed: divergences, R-hat 1.01 or more,
        an ESS below 100 a chain, E-BFMI below 0.3, a Monte Carlo standard error of P(benefit) above
        0.01, a certificate that did not pass, or a quadrature error above 1e-8. It is "directional"
        if the computation is sound but the evidence is not: 3 studies or fewer, a warning on a
        prior, a decision that an analysis flips or that was not examined. Else "ready".

    Raises
    ------
    BayesPSError
        If the robustness is of other effects or another MCID.

    Notes
    -----
    R-hat and ESS: Vehtari et al. 2021, doi:10.1214/20-BA1221. The thresholds of k and of the Monte
    Carlo standard error are conventions of this project. Tests:
    ``tests/unit/test_robustness_gate.py``.
    """
    _refuse_another(fit, mcid, robustness)
    if robustness is None and mcid is not None and hasattr(fit.model, "gaussian"):
        robustness = _robustness(fit, mcid, at)
    checks = (
        _studies(fit),
        *_computed(diagnose(fit)),
        *_mcse(fit, mcid, at),
        *_certificate(fit),
        _warnings(fit),
        _fragility(robustness, mcid),
    )
    return Gate(checks, robustness)


def _robustness(fit: Fit, mcid: MCID, at: Setting) -> Robustness:
    return robustness(fit, mcid, at=at)


def _studies(fit: Fit) -> Check:
    why = f"k = {fit.k}: {'a single study' if fit.k == 1 else f'{fit.k} studies'} cannot show how "
    why += "far effects vary, so that the priors decide how sure the numbers are."
    return _check("studies", f"{fit.k}", f"> {FEW}", why, ok=fit.k > FEW, allows="directional")


def _computed(found: Diagnosis) -> Iterator[Check]:
    """What the engine can say of itself; the sentences are those of `diagnose`."""
    problems = " ".join(found.problems)
    if found.engine == "exact":
        error = found.quadrature_error
        yield _check("quadrature error", f"{error:.1g}", f"<= {ERROR_MAX:g}", problems, ok=found.ok)
        return
    table = found.table
    numbers = [  # name, value, wanted, and how a problem of `diagnose` with it begins
        ("R-hat", f"{table['rhat'].max(skipna=False):.4f}", f"< {RHAT_MAX}", "R-hat"),
        ("divergences", f"{found.divergences}", "0", f"{found.divergences} transitions"),
        ("E-BFMI", f"{found.bfmi:.2f}", f"> {BFMI_MIN}", "E-BFMI"),
    ]
    for kind in ("bulk", "tail"):
        ess, wanted = f"{table[f'ess_{kind}'].min():.0f}", f"> {ESS_MIN_PER_CHAIN} a chain"
        numbers.append((f"{kind} ESS", ess, wanted, f"The {kind} ESS"))
    for name, value, wanted, begins in numbers:
        why = " ".join(problem for problem in found.problems if problem.startswith(begins))
        yield _check(name, value, wanted, why, ok=not why)


def _mcse(fit: Fit, mcid: MCID | None, at: Setting) -> Iterator[Check]:
    question = Question.about(fit.effects, mcid)
    for name, marginal in (("mean effect", fit.average(at)), ("new setting", fit.predictive(at))):
        mcse = question.p(marginal)[1]
        why = f"P({name}: {question}) has a Monte Carlo standard error of {mcse:.2g}, above "
        why += f"{MCSE_MAX:g}: draw more, bps.fit(..., draws=…)."
        ok = bool(mcse <= MCSE_MAX)
        yield _check(f"MCSE of P, {name}", f"{mcse:.2g}", f"<= {MCSE_MAX:g}", why, ok=ok)


def _certificate(fit: Fit) -> Iterator[Check]:
    """Of a NUTS fit whose model the exact engine knows too."""
    if fit.engine == "exact" or fit.hierarchy is None:
        return
    found = certify(fit)
    passed = f"{found.table['passed'].sum()} of {len(found.table)} numbers"
    yield _check("certificate", passed, "all, sharply", str(found), ok=found.ok)


def _warnings(fit: Fit) -> Check:
    why = " ".join(fit.warnings)
    return _check(
        "warnings", f"{len(fit.warnings)}", "0", why, ok=not fit.warnings, allows="directional"
    )


def _fragility(found: Robustness | None, mcid: MCID | None) -> Check:
    if found is None:
        why = (
            "Without an MCID there is no decision whose robustness could be examined."
            if mcid is None
            else "Whether the decision flips was not examined: pass robustness(…) of an exact fit."
        )
        return _check("decision", "not examined", "stable", why, ok=False, allows="directional")
    names = [f"{v.changed} ({words.probability(v.p_mean)})" for v in found.simplest_flips[:MOST]]
    why = (
        f"The decision at {found.cut:g} ({words.probability(found.variants[0].p_mean)} as fitted) "
        f"flips in {len(found.flips)} of {len(found.variants) - 1} other analyses: "
        f"{', '.join(names)}."
    )
    flips = f"{len(found.flips)} flips"
    return _check("decision", flips, "0 flips", why, ok=not found.flips, allows="directional")


def _check(
    name: str, value: str, wanted: str, why: str, *, ok: bool, allows: Status = "not reportable"
) -> Check:
    return Check(name, value, wanted, ok, allows, "" if ok else why)


def _refuse_another(fit: Fit, mcid: MCID | None, found: Robustness | None) -> None:
    if found is None:
        return
    same = np.array_equal(found.effects.y, fit.effects.y)
    if not same or not np.array_equal(found.effects.se, fit.effects.se) or found.mcid != mcid:
        raise BayesPSError(
            "The robustness is of other effects or another MCID than the fit. Pass "
            "robustness(fit, mcid) of these, or none."
        )
