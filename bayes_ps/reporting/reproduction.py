"""The section Reproduce: versions, seed, hash, and the analysis as Python and as R."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from bayes_ps import __version__, priors
from bayes_ps.reporting.blocks import Block, Code, Section, Table, Text
from bayes_ps.reporting.material import Material
from bayes_ps.reporting.prior_in_r import mu_in_r, tau_in_r

PACKAGES = ("numpy", "scipy", "pandas", "matplotlib")
SAMPLING = ("pymc", "nutpie", "arviz-stats")


def reproduce(m: Material) -> Section:
    """Everything that another person needs."""
    sampled = m.fit.engine != "exact"
    rows = [("bayes_ps", __version__), ("Python", platform.python_version())]
    rows += [(name, _version(name)) for name in PACKAGES + (SAMPLING if sampled else ())]
    rows += [("Seed", str(m.fit.seed)), ("SHA-256 of the data", m.data_hash)]
    blocks: list[Block] = [
        Table("Versions, seed and data", ("What", "Value"), tuple(rows)),
        Text(
            "The hash is of the lines “measure,unit,better” and “study,y,se” for each study, "
            "joined by line feeds, as UTF-8, numbers in the shortest digits that give them back; "
            "a covariance matrix follows row by row."
        ),
        Code("Python", python_code(m)),
        *_r_blocks(m),
    ]
    return Section("reproduce", "Reproduce", "BARG step 6; PRISMA 13d, 27", tuple(blocks))


def python_code(m: Material) -> str:
    """A script that gives the same numbers."""
    effects, specification = m.effects, type(m.fit.model)
    model = repr(m.fit.model)
    used = sorted(set(re.findall(r"(?<![\w.])([a-z]\w*)\(", model)) & set(priors.__all__))
    module = specification.__module__.split(".")[0]
    home = "models" if module == "models" else specification.__module__
    lines = ["import bayes_ps as bps"]
    lines += [f"from bayes_ps.priors import {', '.join(used)}"] if used else []
    lines += [
        f"from {home} import {specification.__name__}",
        "",
        "effects = bps.Effects.from_estimates(",
        f"    {_list(effects.y)},",
        f"    se={_list(effects.se)},",
        f"    study={[str(name) for name in effects.study]!r},",
        f"    measure={effects.measure!r}, unit={effects.unit!r}, better={effects.better!r},",
        ")",
        *_covariance(m),
        f"fit = bps.fit({model}, effects{_engine(m)})",
        "print(fit)",
    ]
    if m.mcid is not None:
        lines += [f"mcid = bps.{m.mcid!r}", "print(bps.decide(fit, mcid))"]
    if m.pools is not None:
        lines.append("print(bps.baseline_table(effects))")
    return "\n".join(lines) + "\n"


def _covariance(m: Material) -> Iterator[str]:
    if m.effects.V is not None:
        rows = ", ".join(_list(row) for row in m.effects.V)
        yield "from dataclasses import replace"
        yield f"effects = replace(effects, V=[{rows}])"


def _engine(m: Material) -> str:
    if m.fit.engine == "exact":
        return f", seed={m.fit.seed}" if m.fit.seed else ""
    size = m.fit.dt["posterior"].sizes
    return f', engine="nuts", seed={m.fit.seed}, draws={size["draw"]}, chains={size["chain"]}'


def _list(values: object) -> str:
    return repr([float(each) for each in values])  # type: ignore[attr-defined]


def _r_blocks(m: Material) -> Iterator[Block]:
    """metafor and, where it has the model and its priors, bayesmeta."""
    if m.effects.V is not None or not m.fit.studies or m.fit.hierarchy is None:
        yield Text("No R code: the model is not one of independent studies that metafor fits so.")
        return
    mu = mu_in_r(getattr(m.fit.model, "mu", None))
    tau = tau_in_r(getattr(m.fit.model, "tau", None))
    yield Code("R", "\n".join([*_metafor(m), *_bayesmeta(m, mu, tau)]) + "\n")
    if m.fit.has_tau and (mu is None or tau is None):
        yield Text("R's bayesmeta has no such model or prior, so that only metafor is called.")


def _metafor(m: Material) -> Iterator[str]:
    e = m.effects
    names = ", ".join(json.dumps(str(name), ensure_ascii=False) for name in e.study)
    yield "library(metafor)    # doi:10.18637/jss.v036.i03"
    yield "dat <- data.frame("
    yield f"  study = c({names}),"
    yield f"  yi = c({', '.join(repr(float(y)) for y in e.y)}),"
    yield f"  sei = c({', '.join(repr(float(se)) for se in e.se)}))"
    yield 'rma(yi, sei = sei, data = dat, method = "EE")                 # common effect'
    if e.k > 1:
        yield 'rma(yi, sei = sei, data = dat, method = "DL")                 # as RevMan 5'
        yield 'res <- rma(yi, sei = sei, data = dat, method = "REML", test = "knha")'
        yield "res; predict(res); confint(res)    # Hartung-Knapp, prediction, Q-profile"


def _bayesmeta(m: Material, mu: str | None, tau: str | None) -> Iterator[str]:
    if mu is None or tau is None or not m.fit.has_tau:
        return
    yield ""
    yield "library(bayesmeta)  # doi:10.18637/jss.v093.i06"
    yield "fit <- bayesmeta(y = dat$yi, sigma = dat$sei, labels = dat$study,"
    yield f"                 mu.prior = {mu},"
    yield f"                 tau.prior = {tau},"
    yield '                 interval.type = "central")'
    yield "fit"
    if m.fixed is not None:
        at = m.fixed.threshold(m.effects)
        one = "" if m.effects.benefit_sign < 0 else "1 - "
        yield "# P(beyond the MCID), of the mean effect and of a new setting"
        yield f"{one}fit$pposterior(mu = {at!r})"
        yield f"{one}fit$pposterior(mu = {at!r}, predict = TRUE)"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
