"""A prior as R's bayesmeta takes it."""

from __future__ import annotations

from bayes_ps.priors import Prior

BY_NAME = {
    "improper-uniform": "uniform",
    "sqrt-uniform": "sqrt",
    "jeffreys": "Jeffreys",
    "overall-jeffreys": "overallJeffreys",
    "berger-deely": "BergerDeely",
    "conventional": "conventional",
    "dumouchel": "DuMouchel",
    "uniform-shrinkage": "shrinkage",
    "uniform-i2": "I2",
}
DENSITIES = {
    "half-normal": "dhalfnormal(t, scale = {0})",
    "half-student-t": "dhalft(t, df = {0}, scale = {1})",
    "half-cauchy": "dhalfcauchy(t, scale = {0})",
    "uniform": "dunif(t, {0}, {1})",
    "exponential": "dexp(t, rate = {0})",
    "gamma": "dgamma(t, shape = {0}, rate = {1})",
    "inverse-gamma": "exp({0} * log({1}) - lgamma({0}) - ({0} + 1) * log(t) - {1} / t)",
    "log-normal": "dlnorm(t, meanlog = {0}, sdlog = {1})",
    "log-student-t": "dt((log(t) - {1}) / {2}, df = {0}) / ({2} * t)",
}


def tau_in_r(prior: object) -> str | None:
    """The argument `tau.prior`; None if bayesmeta has no such prior."""
    if not isinstance(prior, Prior):
        return None
    if prior.family in BY_NAME:
        return f'"{BY_NAME[prior.family]}"'
    if prior.family not in DENSITIES:
        return None
    body = DENSITIES[prior.family].format(*(repr(value) for value in prior.parameters))
    return f"function(t) {body}"


def mu_in_r(prior: object) -> str | None:
    """The argument `mu.prior`: flat, or normal; None if it is another prior."""
    if not isinstance(prior, Prior):
        return None
    if prior.family == "flat":
        return 'c("mean" = NA, "sd" = NA)'
    if prior.family == "normal":
        mean, sd = prior.parameters
        return f'c("mean" = {mean!r}, "sd" = {sd!r})'
    return None
