"""A methods paragraph and a results paragraph, ready to paste."""

from __future__ import annotations

from bayes_ps import __version__, words
from bayes_ps.decision import MCID
from bayes_ps.posterior import Fit
from bayes_ps.priors import Prior
from bayes_ps.reporting.blocks import Section, Text
from bayes_ps.reporting.decision_section import size_of
from bayes_ps.reporting.material import Material
from bayes_ps.reporting.natural_scale import natural, shown, unit_shown
from bayes_ps.robustness import Robustness


def ready_to_paste(m: Material) -> Section:
    """Both paragraphs."""
    return Section(
        "paragraphs",
        "Paragraphs ready to paste",
        "PRISMA 13d, 13e, 13f (methods), 20b, 20d (results)",
        (Text(methods_text(m), ready=True), Text(results_text(m), ready=True)),
    )


def methods_text(m: Material) -> str:
    """What was done."""
    fit, effects = m.fit, m.effects
    kind = "random-effects" if fit.has_tau else "common-effect"
    said = [
        f"We pooled {effects.k} {'study' if effects.k == 1 else 'studies'} ({effects.measure} in "
        f"{effects.unit}) in a Bayesian {kind} meta-analysis with normal sampling errors.",
        *([m.sd.methods] if m.sd is not None else []),
        _priors(fit),
        _computed(fit),
    ]
    if m.mcid is not None:
        said.append(_criterion(m.mcid, m))
    if fit.has_tau:
        said.append(
            "Heterogeneity is described by the standard deviation tau between settings and by the "
            "95% prediction interval of the effect in a new setting."
        )
    if m.robust is not None:
        said.append(_tried(m.robust))
    said.append("Intervals are 95% central credible intervals (CrI).")
    return " ".join(said)


def _priors(fit: Fit) -> str:
    given = [(name, getattr(fit.model, name, None)) for name in ("mu", "tau")]
    listed = [f"{prior} for {name}" for name, prior in given if isinstance(prior, Prior)]
    return f"Priors were {' and '.join(listed)}." if listed else f"The model was: {fit.model}."


def _computed(fit: Fit) -> str:
    if fit.engine == "exact":
        return f"The posterior was computed by numerical integration with bayes_ps {__version__}."
    size = fit.dt["posterior"].sizes
    return (
        f"The posterior was sampled by NUTS ({size['chain']} chains of {size['draw']} draws, seed "
        f"{fit.seed}) with PyMC and bayes_ps {__version__}."
    )


def _tried(robust: Robustness) -> str:
    """The sensitivity analyses."""
    kinds = [v.kind for v in robust.variants]
    each = {
        "priors": f"under {kinds.count('priors')} other pairs of priors",
        "common effect": "without heterogeneity",
        "risk of bias": "without the studies at high risk of bias",
        "model": f"under {kinds.count('model')} other models",
        "leave one out": "without each study in turn",
    }
    tried = [said for kind, said in each.items() if kind in kinds]
    return f"As sensitivity analyses we refitted the model {', '.join(tried)}."


def _criterion(mcid: MCID, m: Material) -> str:
    assert m.fixed is not None
    side = "below" if m.effects.benefit_sign < 0 else "above"
    at = natural(m.effects, m.fixed.threshold(m.effects))
    beside = f" Beside it we used {', '.join(map(str, m.mcids[1:]))}." if m.mcids[1:] else ""
    where = f"at or {side} {at:.4g} {unit_shown(m.effects)}" if mcid.certain else "integrated over"
    return (
        f"We report the probability that the mean effect, and that the effect in a new setting, is "
        f"beyond the minimal clinically important difference ({mcid}; {where}); the same "
        f"difference in the other direction counts as important harm, and what lies between as "
        f"trivial. {mcid.caveat}{beside}"
    )


def results_text(m: Material) -> str:
    """What was found."""
    fit, effects = m.fit, m.effects
    average = fit.average()
    said = [
        f"The mean effect was {shown(effects, average.median, *average.interval())} "
        f"{unit_shown(effects)} (posterior median and 95% CrI; k = {effects.k})."
    ]
    if fit.has_tau:
        tau, new = fit.marginal("tau"), fit.predictive()
        said.append(
            f"Settings differed with tau {words.interval(tau.median, *tau.interval())}; the 95% "
            f"prediction interval of a new setting was "
            f"{shown(effects, new.median, *new.interval())}."
        )
    if m.decision is not None:
        said += _decided(m)
    if m.robust is not None:
        there = [v.p_mean for v in m.robust.variants if not v.problem]
        low, high = words.probability(min(there)), words.probability(max(there))
        ranged = f"ranged from {low} to {high}" if low != high else f"was {low} in each"
        said.append(
            f"Over {len(there)} analyses the probability for the mean effect {ranged}; at a "
            f"cut-off of {m.robust.cut:g} the decision was {m.robust.verdict}."
        )
    if m.pooled is not None:
        b = m.pooled
        said.append(
            f"The frequentist baseline was {shown(effects, b.mu, b.lower, b.upper)} "
            f"({100 * b.level:g}% CI)."
        )
    return " ".join(said)


def _decided(m: Material) -> list[str]:
    assert m.decision is not None
    mean, new, p = m.decision.mean, m.decision.new, words.probability
    mcse = f" (Monte Carlo standard error {mean.mcse_mcid:.1g})" if mean.mcse_mcid else ""
    said = [
        f"The probability of an important harm was {p(mean.p_harm)}, of a trivial mean effect "
        f"{p(mean.p_trivial)}, of any benefit {p(mean.p_benefit)}; beyond the MCID in a new "
        f"setting {p(new.p_mcid)}. The probability that the mean effect is beyond the MCID in the "
        f"beneficial direction was {p(mean.p_mcid)}{mcse}."
    ]
    if m.decisions[1:]:
        listed = [f"{p(d.mean.p_mcid)} for {size_of(m, d.mcid)}" for d in m.decisions[1:]]
        said.append(f"For the other MCIDs it was {', '.join(listed)}.")
    return said
