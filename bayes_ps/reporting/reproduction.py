"""The section Reproduce: versions, seed, hash, and the analysis as Python and as R."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterator
from dataclasses import fields
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from bayes_ps import __version__, priors
from bayes_ps.decision import MCID
from bayes_ps.reporting.blocks import Block, Code, Section, Table, Text
from bayes_ps.reporting.material import Material
from bayes_ps.reporting.prior_in_r import mu_in_r, tau_in_r
from bayes_ps.robustness.risk_of_bias import COLUMN

PACKAGES = ("numpy", "scipy", "pandas", "matplotlib")
NOT_RUN = (
    "The R code was written by the documentation of metafor and bayesmeta; it was not run when "
    "this report was made. Its prediction interval is that of the REML/HKSJ row above; bayesmeta's "
    "median and central interval are those of this report."
)
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
    effects, model = m.effects, type(m.fit.model)
    written = " ".join([repr(m.fit.model), *map(as_code, m.mcids)])
    used = sorted(set(re.findall(r"(?<![\w.])([a-z]\w*)\(", written)) & set(priors.__all__))
    home = model.__module__
    home = "models" if home.split(".")[0] == "models" else home
    lines = ["import bayes_ps as bps"]
    lines += [f"from bayes_ps.priors import {', '.join(used)}"] if used else []
    lines += ["from scipy import stats"] if "stats." in written else []
    lines += [
        f"from {home} import {model.__name__}",
        "",
        "effects = bps.Effects.from_estimates(",
        f"    {_list(effects.y)},",
        f"    se={_list(effects.se)},",
        f"    study={[str(name) for name in effects.study]!r},",
        f"    measure={effects.measure!r}, unit={effects.unit!r}, better={effects.better!r},",
        ")",
        *_more_of_effects(m),
        f"fit = bps.fit({m.fit.model!r}, effects{_engine(m)})",
        "print(fit)",
        *_decisions(m),
    ]
    if m.pools is not None:
        lines.append("print(bps.baseline_table(effects))")
    return "\n".join(lines) + "\n"


def _more_of_effects(m: Material) -> Iterator[str]:
    """What `from_estimates` does not take: formulas, covariance, judgements of risk of bias."""
    e = m.effects
    changed = [f"formulas={e.formulas!r}"]
    if e.V is not None:
        changed.append(f"V=[{', '.join(_list(row) for row in e.V)}]")
    yield "from dataclasses import replace"
    yield f"effects = replace(effects, {', '.join(changed)})"
    if COLUMN in e.columns:
        judged = [None if each != each else each for each in e.data[COLUMN].tolist()]
        yield "import pandas as pd"
        yield f"effects = effects.with_data(pd.DataFrame({{{COLUMN!r}: {judged!r}}}))"


def _decisions(m: Material) -> Iterator[str]:
    """At each MCID, whether the main one's flips, and whether it may be reported."""
    for n, one in enumerate(m.mcids):
        name = "mcid" if n == 0 else f"mcid_{n + 1}"
        yield f"{name} = {as_code(one)}"
        yield f"print(bps.decide(fit, {name}))"
    if m.robust is not None:
        yield f"robust = bps.robustness(fit, mcid, cut={m.robust.cut!r})"
        yield "print(robust)"
        yield "print(bps.reportable(fit, mcid, robust))"
    if m.tipping is not None:
        yield f"print(bps.tipping_bias(fit, mcid, {m.tipping.cut!r}))"


def as_code(mcid: MCID) -> str:
    """The call that makes the MCID; what is as by default is left out."""
    given = [f"{_value(mcid.value)}, unit={mcid.unit!r}"]
    for field in fields(MCID)[2:]:
        if (said := getattr(mcid, field.name)) != field.default:
            given.append(f"{field.name}={said!r}")
    return f"bps.MCID({', '.join(given)})"


def _value(value: Any) -> str:
    """A number, a prior, a list of these, or a frozen distribution of SciPy."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    frozen = getattr(value, "dist", None)
    if frozen is None or not hasattr(value, "args"):
        return repr(value)
    given = [f"{one!r}" for one in value.args]
    given += [f"{name}={one!r}" for name, one in value.kwds.items()]
    return f"stats.{frozen.name}({', '.join(given)})"


def _engine(m: Material) -> str:
    if m.fit.engine == "exact":
        return f", seed={m.fit.seed}" if m.fit.seed else ""
    posterior = m.fit.dt["posterior"]
    size = posterior.sizes
    said = f', engine="nuts", seed={m.fit.seed}, draws={size["draw"]}, chains={size["chain"]}'
    for name, option in (("tuning_steps", "tune"), ("target_accept", "target_accept")):
        if name in posterior.attrs:
            said += f", {option}={posterior.attrs[name]!r}"
    return said


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
    yield Text(NOT_RUN)
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
        yield "res; confint(res)                   # Hartung-Knapp, Q-profile"
        yield 'predict(res, pi.type = "Riley")     # prediction, t with k - 2 df'


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
