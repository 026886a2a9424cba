"""The priors of the reference runs as ours, and the models that they make."""

from __future__ import annotations

from typing import Any

from bayes_ps import priors
from models import RandomEffects
from tests import references

_TAU = {
    "half-normal": lambda p: priors.half_normal(p["scale"]),
    "half-cauchy": lambda p: priors.half_cauchy(p["scale"]),
    "half-t": lambda p: priors.half_student_t(p["df"], p["scale"]),
    "exponential": lambda p: priors.exponential(p["rate"]),
    "gamma": lambda p: priors.gamma(p["shape"], p["rate"]),
    "log-normal": lambda p: priors.log_normal(p["meanlog"], p["sdlog"]),
    "inverse-gamma": lambda p: priors.inverse_gamma(p["shape"], p["scale"]),
    "uniform": lambda p: priors.improper_uniform(),
    "uniform-bounded": lambda p: priors.uniform(0, p["max"]),
    "sqrt": lambda p: priors.sqrt_uniform(),
    "jeffreys": lambda p: priors.jeffreys(),
    "berger-deely": lambda p: priors.berger_deely(),
    "conventional": lambda p: priors.conventional(),
    "uniform-shrinkage": lambda p: priors.uniform_shrinkage(),
    "dumouchel": lambda p: priors.dumouchel(),
    "uniform-I2": lambda p: priors.uniform_i2(),
}


def mu_prior(given: dict[str, Any]) -> priors.Prior:
    """Ours for a reference's `mu_prior`."""
    if given["family"] == "flat":
        return priors.flat()
    return priors.normal(given["mean"], given["sd"])


def tau_prior(given: dict[str, Any]) -> priors.Prior:
    """Ours for a reference's `tau_prior`."""
    return _TAU[given["family"]](given)


def runs(*, proper: bool = True) -> list[tuple[str, str]]:
    """(data set, prior id) of every reference run whose posterior is proper, or is not."""
    return [
        (name, run)
        for name in references.UNIVARIATE
        for run, values in references.expected(name)["bayes"].items()
        if values["posterior_proper"] is proper
    ]


def model(values: dict[str, Any]) -> RandomEffects:
    """The model of a reference run."""
    return RandomEffects(mu=mu_prior(values["mu_prior"]), tau=tau_prior(values["tau_prior"]))
