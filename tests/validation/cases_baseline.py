"""The baseline against metafor 3.8-1 (R 4.2.2), for every data set of tests/reference, and RevMan.

Tolerances: 1e-12 for closed forms and the Q-profile, 1e-10 for what is iterated, which is the error
of metafor's own values by tests/reference/README.md (ours is that of rounding, by 50-digit
arithmetic in tests/unit/test_baseline_numbers.py). Ends of intervals are compared in units of their
standard error where that is larger, tau² at its boundary in units of the smallest variance, and a P
value carries the error of its statistic times 1 + statistic².
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd

from bayes_ps.baseline import Baseline, baseline
from bayes_ps.effects import effect_sizes
from tests import references
from tests.validation.comparing import relative
from tests.validation.registry import Compared, compared_with

CLOSED, ITERATED = 1e-12, 1e-10
PRECISION = dict.fromkeys(("DL", "HE", "HS", "HSk", "SJ"), CLOSED) | dict.fromkeys(
    ("PM", "PMM", "EB", "REML", "ML"), ITERATED
)
NEVER_LEFT_OUT = [name for name in references.UNIVARIATE if name != "crins_rct_k2"]
INTERVALS = {
    "hksj": ("Hartung-Knapp", "knha"),
    "hksj-adhoc": ("Hartung-Knapp ad hoc", "knha_adhoc"),
}
NEW_SETTING = {
    "pi_z": ("prediction, z", "wald", "z"),
    "pi_HTS_t_km2": ("prediction, HTS, Wald se", "wald", "HTS"),
    "pi_knha_t_km2": ("prediction, HTS, Hartung-Knapp se", "hksj", "HTS"),
    "pi_knha_t_km1": ("prediction, k - 1, Hartung-Knapp se", "hksj", "k-1"),
}

REVMAN_ARMS = {
    "n_t": "Experimental N", "mean_t": "Experimental mean", "sd_t": "Experimental SD",
    "n_c": "Control N", "mean_c": "Control mean", "sd_c": "Control SD",
}  # fmt: skip

DISAGREES = """\
* ML of two studies (crins_rct_k2): metafor's Fisher scoring stops at tau² = 1.4e-15, just above
  the boundary; the score at 0 is negative, so the maximum is 0, and ours is 0.
* metafor's *defaults* stop early: REML, ML and EB when tau² changes by less than 1e-5, PM, PMM
  and confint() at uniroot's 1.2e-4. So its printed tau² of BCG by PM is 0.31809 where the root
  is 0.31807, its lower end of the Q-profile of the log odds ratios 0.1302 where it is 0.13015,
  and its ML of the CLASP trials 5e-6 where the maximum is 0. With tightened tolerances, as in
  tests/reference, it agrees with ours.
* Likelihoods with several maxima (tests/unit/test_baseline_numbers.py): metafor's Fisher
  scoring can stop at a local one, and looks only whether 0 is higher; ours is the highest, by
  proof.
* Henmi-Copas at other levels than 95%: metafor's hc() looks for its quantile below 2, so it
  fails at 99%; ours looks up to the normal quantile, which bounds it.
* Biggerstaff and Tweedie's interval of tau² (0.048 to 2.355 in Viechtbauer 2007, table II) puts
  a gamma in place of the distribution of Q. The exact one, our BJ, is 0.047 to 1.431: of 400
  000 simulated Q at 1.431 2.5% are below the observed one, at 2.355 0.6%.
* Kenward-Roger: Partlett and Riley's degrees of freedom, as R's meta and pimeta have them, are
  2 I/(se² Σw²)² with the corrected se²; Kenward and Roger's own have the uncorrected one and
  are larger. We follow the former, and say so.
* I² from Q where Q is below its df: old versions of R's meta printed 0% to 0% (Q 80.59 on 126
  df); ours starts from H = 1, as newer ones do (0% to 79.2% for five studies).
* R's meta gives a prediction interval HTS the se of Wald whatever the interval of mu. Ours has
  the se of the interval that was asked for; with Wald both are the same.
"""
NOT_COMPARED = """\
* DL2 and HE2 with metafor's GENQ beyond the four digits of DerSimonian and Kacker 2007.
* The generalised Q intervals BJ and J: no stored values of R. Held against chi², the closed
  form of two studies, and Ruben's series (tests/unit/test_baseline_q_distribution.py).
* Kenward-Roger: no stored values of R. Held against the general matrix formula by numerical
  derivatives, and its closed form for equal standard errors
  (tests/unit/test_baseline_intervals.py).
* hksj-iqwig and hksj-hybrid beyond the digits that R's meta printed for two analyses.
* Henmi-Copas beyond the four digits of the paper; its integral is held against 30-digit
  quadrature.
* Nagashima's bootstrap: random; pimeta's printed interval of the cisapride trials, within Monte
  Carlo error.
* Information criteria (AIC, BIC of rma), and the constant of the baseline's log-likelihood; the
  log-likelihoods of regressions and of models of several levels are compared, constants and all.
* RevMan's pooled results: the Cochrane data packages that we have state effects and weights,
  which are compared, but no pooled estimate.
"""


@compared_with("metafor 3.8-1")
def common_effect() -> Iterator[Compared]:
    """The inverse-variance common effect, Q, I² and H² from Q."""
    for name in references.UNIVARIATE:
        found, metafor = baseline(references.effects(name), "FE"), frequentist(name)
        yield from of_mean("common effect", name, found, metafor["FE"], CLOSED)
        q = metafor["Q"]
        yield from relative("Q, I² and H² from Q", name, CLOSED, {
            "Q": (found.q, q["Q"]),
            "df": (found.q_df, q["df"]),
            "P of Q": (found.q_p, q["p"]),
            "I² from Q": (found.i2, q["I2_from_Q_pct"]),
            "H² from Q": (found.h2, q["H2_from_Q"]),
        })  # fmt: skip


@compared_with("metafor 3.8-1")
def estimators() -> Iterator[Compared]:
    """Each estimator of tau²: its value, its standard error, I², H², and the Wald interval."""
    for name, tau2, precision in every_estimator():
        effects, metafor = references.effects(name), frequentist(name)["RE"][tau2]
        found = pooled(name, tau2, "wald")
        boundary = float(effects.se.min() ** 2) / 100
        quantity = f"{tau2}: "
        yield Compared(
            f"tau², {tau2}", name, "tau²", found.tau2, metafor["tau2"], precision,
            max(metafor["tau2"], boundary),
        )  # fmt: skip
        error = {"se of tau²": (found.tau2_se, metafor["se_tau2"])}
        yield from relative(f"se of tau², {tau2}", name, precision, error)
        shares = {quantity + "H²": (found.h2, metafor["H2"])}
        yield from relative("I² and H² from tau²", name, precision, shares)
        yield Compared(
            "I² and H² from tau²", name, quantity + "I²", found.i2, metafor["I2_pct"], precision,
            max(metafor["I2_pct"], 1.0),
        )  # fmt: skip
        yield from of_mean("Wald", name, found, metafor, precision, quantity)


@compared_with("metafor 3.8-1")
def hartung_knapp() -> Iterator[Compared]:
    """Hartung-Knapp with and without the floor, for each estimator."""
    for name, tau2, precision in every_estimator():
        for ci, (method, block) in INTERVALS.items():
            found, metafor = pooled(name, tau2, ci), frequentist(name)["RE"][tau2][block]
            yield from of_mean(method, name, found, metafor, precision, f"{tau2}: ")
            df = {f"{tau2}: df": (found.df, metafor["df"])}
            yield from relative(method, name, precision, df)


@compared_with("metafor 3.8-1")
def prediction() -> Iterator[Compared]:
    """Prediction intervals, for each estimator; with two studies HTS does not exist."""
    for name, tau2, precision in every_estimator():
        metafor = frequentist(name)["RE"][tau2]
        for key, (method, ci, rule) in NEW_SETTING.items():
            if key not in metafor:
                continue
            found = pooled(name, tau2, ci, prediction=rule).prediction
            for side, ours, theirs in zip(("lower", "upper"), found, metafor[key], strict=True):
                scale = max(abs(theirs), metafor["se"])
                quantity = f"{tau2}: {side}"
                yield Compared(method, name, quantity, ours, theirs, precision, scale)


@compared_with("metafor 3.8-1")
def tau2_intervals() -> Iterator[Compared]:
    """Q-profile and profile likelihood."""
    blocks = {
        "tau2_ci95_QP": ("Q-profile", "REML", "QP", CLOSED),
        "tau2_ci95_PL_REML": ("profile likelihood, REML", "REML", "PL", ITERATED),
        "tau2_ci95_PL_ML": ("profile likelihood, ML", "ML", "PL", ITERATED),
    }
    for name in references.UNIVARIATE:
        for key, (method, tau2, code, precision) in blocks.items():
            metafor = frequentist(name)[key]
            ends = pooled(name, tau2, "wald", tau2_ci=code).tau2_interval
            ours = {"lower": (ends.lower, metafor["lb"]), "upper": (ends.upper, metafor["ub"])}
            yield from relative(method, name, precision, ours)


@compared_with("metafor 3.8-1")
def weights_and_leave_one_out() -> Iterator[Compared]:
    """REML weights; REML and common effect without each study."""
    for name in NEVER_LEFT_OUT:
        effects, left_out = references.effects(name), frequentist(name)["leave1out"]
        weights = frequentist(name)["influence_REML"]["weight_pct"]
        ours = pooled(name, "REML", "wald").weights
        for study, each, theirs in zip(effects.study, ours, weights, strict=True):
            yield Compared("weights, REML", name, study, float(each), theirs, ITERATED, theirs)
        for row, study in enumerate(effects.study):
            left = effects.drop(study)
            random, common = baseline(left, "REML", "wald"), baseline(left, "FE")
            theirs = {key: values[row] for key, values in left_out.items()}
            boundary = float(left.se.min() ** 2) / 100
            without = f"without {study}: "
            yield Compared(
                "leave one out", name, without + "tau²", random.tau2, theirs["REML_tau2"], ITERATED,
                max(theirs["REML_tau2"], boundary),
            )  # fmt: skip
            yield from relative("leave one out", name, ITERATED, {
                without + "REML mu": (random.mu, theirs["REML_est"]),
                without + "REML se": (random.se, theirs["REML_se"]),
            })  # fmt: skip
            yield from relative("leave one out", name, CLOSED, {
                without + "Q": (common.q, theirs["Q"]),
                without + "common mu": (common.mu, theirs["FE_est"]),
                without + "common se": (common.se, theirs["FE_se"]),
            })  # fmt: skip


@compared_with("RevMan, Cochrane data packages")
def revman_weights() -> Iterator[Compared]:
    """Weights in per cent, printed with six decimals: only DerSimonian-Laird's tau² gives them.

    Exercise for knee osteoarthritis, doi:10.1002/14651858.CD004376.pub4, analysis 1.1, random
    effects by inverse variance, from the arms.
    """
    rows = pd.read_csv(references.FOLDER / "CD004376-analysis-1.1.csv")
    for subgroup, of_subgroup in rows.groupby("Subgroup"):
        effects = effect_sizes(
            of_subgroup.assign(study=[f"row {i}" for i in of_subgroup.index]),
            measure="SMD",
            better="lower",
            variance="RevMan",
            columns=REVMAN_ARMS,
        )
        ours = baseline(effects, "DL", "wald").weights
        dataset = f"CD004376 1.1 {subgroup[:1]}"
        for study, each, printed in zip(effects.study, ours, of_subgroup["Weight"], strict=True):
            yield Compared("weights, DL", dataset, study, float(each), printed, 0.5001e-6, 1.0)


def frequentist(name: str) -> dict[str, Any]:
    """What R gives for a data set."""
    return references.expected(name)["frequentist"]


@cache
def pooled(
    name: str, tau2: str, ci: str, *, prediction: str = "HTS", tau2_ci: str = "QP"
) -> Baseline:
    """Our result for a data set."""
    effects = references.effects(name)
    return baseline(effects, tau2, ci, prediction=prediction, tau2_ci=tau2_ci)


def every_estimator() -> Iterator[tuple[str, str, float]]:
    """(data set, estimator, tolerance)."""
    for name in references.UNIVARIATE:
        yield from ((name, tau2, precision) for tau2, precision in PRECISION.items())


def of_mean(
    method: str, name: str, found: Baseline, metafor: dict[str, Any], rel: float, prefix: str = ""
) -> Iterator[Compared]:
    """mu (where given), se, statistic, P, and the interval."""
    statistic = metafor.get("z", metafor.get("t"))
    if "est" in metafor:
        yield from relative(method, name, rel, {prefix + "mu": (found.mu, metafor["est"])})
    yield from relative(method, name, rel, {
        prefix + "se": (found.se, metafor["se"]),
        prefix + "statistic": (found.statistic, statistic),
    })  # fmt: skip
    p, grown = metafor["p"], 1 + statistic**2
    yield Compared(method, name, prefix + "P", found.p, p, rel, p * grown)
    for side, ours in (("lower", found.lower), ("upper", found.upper)):
        theirs = metafor["ci_lb" if side == "lower" else "ci_ub"]
        scale = max(abs(theirs), metafor["se"])
        yield Compared(method, name, prefix + side, ours, theirs, rel, scale)
