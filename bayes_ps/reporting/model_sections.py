"""The sections Model, Priors and Computation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bayes_ps.checks import BayesPSError
from bayes_ps.diagnostics import certify, diagnose
from bayes_ps.priors import Prior
from bayes_ps.reporting.blocks import Block, Section, Table, Text, table_of
from bayes_ps.reporting.data_section import prior_predictive
from bayes_ps.reporting.material import Material

FLAT = "lets the studies speak alone; sceptical ones stand beside it in “Does the decision flip?”"
UNJUSTIFIED = "no source given: justify it, as in priors.half_normal(0.5, source=…)"
NAMES = {"mu": "mean effect", "tau": "standard deviation between settings"}


def model(m: Material) -> Section:
    """In words and formulas."""
    fit, V = m.fit, m.effects.V
    error = "y ~ N(θ, V)" if V is not None else "yᵢ ~ N(θᵢ, seᵢ²)"
    spread = "θᵢ ~ N(μ, τ²),  θ_new ~ N(μ, τ²)" if fit.has_tau else "θᵢ = μ"
    said = (
        "Each study reports its own true effect with a normal error whose standard deviation is "
        "taken as known. "
    )
    said += (
        "True effects of settings are drawn from a normal distribution around the mean effect mu, "
        "with standard deviation tau. A new setting is one more draw."
        if fit.has_tau
        else "All studies share one true effect mu: a new setting has it too."
    )
    blocks = [Text(said), Text(f"{error},  {spread}", formula=True)]
    if fit.hierarchy is None:
        blocks = [Text("The model is not linear and Gaussian; as its specification prints it:")]
    blocks.append(Text(f"As fitted: {fit.model}."))
    return Section("model", "Model", "BARG step 1 (likelihood); PRISMA 13d", tuple(blocks))


def priors(m: Material) -> Section:
    """With their sources, and what they foretell."""
    rows = []
    for name, prior in _priors(m.fit.model):
        bare = str(prior).removesuffix(f" [{prior.source}]")
        what = f"{name} ({NAMES[name]})" if name in NAMES else name
        source = prior.source or (FLAT if prior.family == "flat" else UNJUSTIFIED)
        rows.append((what, bare, source, _range(prior, m)))
    head = ("Unknown", "Prior", "Source or reason", "Median (2.5% to 97.5%)")
    blocks = [Table("Priors, in the unit of the effects", head, tuple(rows))]
    return Section(
        "priors",
        "Priors",
        "BARG step 1 (priors, justified; prior predictive check); ROBUST 1, 2; PRISMA 13d",
        (*blocks, *prior_predictive(m)),
    )


def _priors(specification: Any) -> Iterator[tuple[str, Prior]]:
    for name in getattr(specification, "__dataclass_fields__", {}):
        value = getattr(specification, name)
        if isinstance(value, Prior):
            yield name, value


def _range(prior: Prior, m: Material) -> str:
    bound = prior.given(m.effects.se)
    if not bound.proper:
        return "improper: it has none"
    middle, low, high = (float(bound.ppf(q)) for q in (0.5, 0.025, 0.975))
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"


def computation(m: Material) -> Section:
    """How it was computed, and why the numbers can be trusted."""
    fit = m.fit
    diagnosis = diagnose(fit)
    blocks: list[Block] = [Text(_how(m)), Text(str(diagnosis))]
    if fit.engine != "exact":
        head = ("Unknown", "R-hat", "Bulk ESS", "Tail ESS")
        blocks.append(table_of(diagnosis.table, "Convergence and resolution of the draws", head))
        blocks += _certificate(m)
    blocks.append(Text(str(m.check or f"No posterior predictive check: {m.no_check}")))
    return Section(
        "computation",
        "Computation and checks",
        "BARG step 2 (software, convergence, resolution), step 3 (posterior predictive check); "
        "ROBUST 5; PRISMA 13d",
        tuple(blocks),
    )


def _how(m: Material) -> str:
    if m.fit.engine == "exact":
        return (
            "Computed by numerical integration over the standard deviation between settings; "
            "probabilities and intervals have no Monte Carlo error. Where draws are used (the "
            f"posterior predictive check), their seed is {m.fit.seed}."
        )
    size = m.fit.dt["posterior"].sizes
    return (
        f"Sampled by NUTS with PyMC (doi:10.7717/peerj-cs.1516): {size['chain']} chains of "
        f"{size['draw']} draws, seed {m.fit.seed}. R-hat and effective sample sizes: Vehtari et "
        f"al. 2021, doi:10.1214/20-BA1221. Each probability comes with its Monte Carlo standard "
        f"error."
    )


def _certificate(m: Material) -> list[Block]:
    try:
        held = certify(m.fit)
    except BayesPSError as why:
        return [Text(f"No certificate: {why}")]
    head = ("Unknown", "Statistic", "NUTS", "Exact", "Difference", "MCSE", "z", "Passed")
    worst = held.table.reindex(held.table["z"].abs().sort_values(ascending=False).index).head(8)
    return [Text(str(held)), table_of(worst, "The largest differences from the exact engine", head)]
