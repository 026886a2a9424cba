"""Published heterogeneity priors: Turner 2012 and 2015, Rhodes 2015, Bartoš 2021 and 2023.

Their tables are in ``data``, as printed. Turner and Rhodes print the distribution of tau²; what is
returned is that of tau, with location and scale halved. The cells were held against the encodings
in R's bayesmeta and rnmamod; tests: ``tests/golden/test_prior_tables.py``.
"""

from __future__ import annotations

import csv
import math
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from bayes_ps.checks import PriorError
from bayes_ps.priors.half import HalfNormal
from bayes_ps.priors.location import StudentT
from bayes_ps.priors.log_scale import LogNormal, LogStudentT
from bayes_ps.priors.positive import InverseGamma
from bayes_ps.priors.prior import Prior
from bayes_ps.priors.tables import Cell, cell

RHODES_DF = 5


def turner2012(outcome: str = "", comparison: str = "") -> LogNormal:
    """tau of log odds ratios by outcome and comparison: Turner 2012, doi:10.1093/ije/dys041.

    Ten log-normal distributions. Without arguments the general one, tau² ~ log-normal(−2.56,
    1.74²). For new work prefer `turner2015`, which is finer.

    Parameters
    ----------
    outcome : "all-cause mortality", "semi-objective" or "subjective".
    comparison : "pharmacological vs placebo / control", "pharmacological vs pharmacological" or
        "non-pharmacological vs any". As in all these tables, a beginning or a part that fits one
        name alone is enough.

    Raises
    ------
    PriorError
        If a name is not found or fits several, with the names to choose from.

    Notes
    -----
    Medians and 95 % ranges of tau² as published: ``tests/golden/test_prior_tables.py``.
    """
    return _log_normal(cell("turner2012", {"outcome": outcome, "comparison": comparison}))


def turner2015(outcome: str = "", comparison: str = "") -> LogNormal:
    """tau of log odds ratios by outcome and comparison: Turner 2015, doi:10.1002/sim.6381.

    Eighty log-normal distributions (Table IV). Without arguments the marginal one, tau² ~
    log-normal(−2.56, 1.74²), so tau ~ log-normal(−1.28, 0.87), median 0.28. Made for log odds
    ratios; for log risk ratios it is used with care.

    Parameters
    ----------
    outcome : as in ``"pain"``, ``"adverse events"``, ``"all-cause mortality"``.
    comparison : as in ``"pharmacological vs placebo"``.

    Raises
    ------
    PriorError
        If a name is not found or fits several, with the names to choose from.

    Notes
    -----
    Golden value: Crins 2014 under ``turner2015("surgical", "pharmacological vs placebo")``,
    ``tests/golden/test_bayesmeta_priors.py``.
    """
    return _log_normal(cell("turner2015", {"outcome": outcome, "comparison": comparison}))


def rhodes2015(
    area: str = "", outcome: str = "", comparison: str = "", *, sd: float | None = None
) -> LogStudentT:
    """tau of SMDs by area, outcome and comparison: Rhodes 2015, 10.1016/j.jclinepi.2014.08.012.

    Seventy-two log-t distributions with 5 degrees of freedom (Tables 3, A.3.1, A.3.2). Without
    arguments the marginal one, log tau² ~ t5(−3.44, 2.59²), median tau 0.18. Two cells are probably
    misprints: they are given as printed, and `warning` says so.

    Parameters
    ----------
    area : "respiratory", "cancer" or "other".
    outcome : as in ``"pain"`` (with general health, adverse events, quality of life) or
        ``"mental health"``.
    comparison : "pharmacological vs placebo / control", "pharmacological vs pharmacological" or
        "non-pharmacological (any)".
    sd : for mean differences: the standard deviation of the outcome, in its unit; tau of mean
        differences is that of SMDs times `sd`.

    Raises
    ------
    PriorError
        If a name is not found or fits several, with the names to choose from.
    """
    asked = {"area": area, "outcome": outcome, "comparison": comparison}
    found = cell("rhodes2015", asked)
    location = found.location / 2 + math.log(_checked(sd))
    source, warning = _said(found, f"SMD{_times(sd)}")
    return LogStudentT(RHODES_DF, location, found.scale / 2, source=source, warning=warning)


class EffectAndHeterogeneity(NamedTuple):
    """Priors of the average effect and of tau that were estimated together."""

    mu: Prior
    tau: Prior


def cochrane(measure: str, *, sd: float | None = None) -> EffectAndHeterogeneity:
    """Priors of mu and tau from all of Cochrane's reviews, as in ``cochrane("SMD").tau``.

    SMD: Bartoš 2021, doi:10.1002/sim.9170; OR, RR, RD, HR (ratios on the log scale): Bartoš 2023,
    arXiv:2306.11468. They describe effects and heterogeneity *given that there are some*: made for
    comparing such a model with mu = 0 and tau = 0, they leave small values to those. mu is centred
    at 0 whatever the field has found.

    Parameters
    ----------
    measure : "SMD", "OR", "RR", "RD" or "HR".
    sd : for mean differences: ``cochrane("SMD", sd=20)`` multiplies by the SD of the outcome.

    Raises
    ------
    PriorError
        For another measure, or an `sd` with another measure than SMD.
    """
    table = _bartos()
    if measure not in table:
        raise PriorError(
            f"cochrane: there is no prior for {measure!r}, but for {', '.join(table)}. For a mean "
            f"difference scale that of SMDs: priors.cochrane('SMD', sd=…)."
        )
    if sd is not None and measure != "SMD":
        raise PriorError(f"cochrane: sd scales SMDs to mean differences, not {measure}.")
    row, times = table[measure], _checked(sd)
    source = f"{row['source']} ({measure}{_times(sd)})"
    mu = StudentT(float(row["df"]), 0, float(row["mu_scale"]) * times, source=source)
    scale = float(row["tau_scale"]) * times
    if row["tau_family"] == "half-normal":
        return EffectAndHeterogeneity(mu, HalfNormal(scale, source=source))
    tau = InverseGamma(float(row["tau_shape"]), scale, source=source)
    return EffectAndHeterogeneity(mu, tau)


def _log_normal(found: Cell) -> LogNormal:
    source, warning = _said(found, "log odds ratio")
    return LogNormal(found.location / 2, found.scale / 2, source=source, warning=warning)


def _said(found: Cell, scale: str) -> tuple[str, str]:
    """The source of a prior, and the warning that it carries if its cell is suspect."""
    source = f"{found.source} ({scale})"
    if not found.suspect:
        return source, ""
    return f"{source}, probably a misprint", f"{source} is probably a misprint: {found.suspect}."


def _checked(sd: float | None) -> float:
    if sd is None:
        return 1.0
    if not (math.isfinite(sd) and sd > 0):
        raise PriorError(f"sd must be the standard deviation of the outcome, > 0, not {sd!r}.")
    return float(sd)


def _times(sd: float | None) -> str:
    return "" if sd is None else f", times an SD of {sd:g}"


@cache
def _bartos() -> dict[str, dict[str, str]]:
    text = files("bayes_ps.priors").joinpath("data", "bartos.csv").read_text(encoding="utf-8")
    return {row["measure"]: row for row in csv.DictReader(text.splitlines())}
