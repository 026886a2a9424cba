"""One finding as numbers, as the cells of a printed table, and as a sentence."""

from __future__ import annotations

import math
from numbers import Real

from bayes_ps import words
from bayes_ps.decision.spread import described
from bayes_ps.reporting.findings import Finding
from bayes_ps.reporting.natural_scale import shown, unit_shown

HEADER = (
    "Outcome",
    "Studies",
    "Participants",
    "Relative effect (95% CrI)",
    "Absolute effect (95% CrI)",
    "P(important benefit)",
    "P(trivial)",
    "P(important harm)",
    "Inputs for certainty (a suggestion; the panel decides)",
)
CAPTION = "Summary of findings: mean effects, and the probability that they matter"
NONE = math.nan


def columns_of(each: Finding) -> dict[str, object]:
    """Name and value of every column of the frame."""
    mean, certain, ratio = each.mean, each.certainty, each.fit.effects.is_ratio
    ends = (mean.median, mean.lower, mean.upper)
    relative = [math.exp(x) if ratio else NONE for x in ends]
    absolute = each.absolute or (ends if not ratio else (NONE,) * 3)
    tau = certain.tau or (NONE,) * 3
    new = certain.prediction
    effects = each.fit.effects
    return {
        "outcome": each.outcome,
        "k": each.fit.k,
        "n": NONE if each.n is None else each.n,
        "measure": effects.measure,
        "unit": effects.unit,
        "better": effects.better,
        **dict(zip(("median", "lower", "upper"), ends, strict=True)),
        **dict(zip(("relative", "relative_lower", "relative_upper"), relative, strict=True)),
        **dict(zip(("absolute", "absolute_lower", "absolute_upper"), absolute, strict=True)),
        "absolute_unit": absolute_unit(each),
        "baseline_risk": NONE if each.baseline_risk is None else _risk(each),
        "p_important_benefit": mean.p_mcid,
        "p_trivial": mean.p_trivial,
        "p_important_harm": mean.p_harm,
        "mcse": each.mcse,
        "p_important_benefit_new_setting": each.new.p_mcid,
        "mcid": str(each.mcid),
        "target": certain.target,
        "crossed": "; ".join(str(one) for one in certain.mean),
        "levels_to_consider": "; ".join(map(str, certain.levels)),
        **dict(zip(("tau", "tau_lower", "tau_upper"), tau, strict=True)),
        "i2": NONE if certain.i2 is None else certain.i2,
        "prediction_lower": new.lower if new else NONE,
        "prediction_upper": new.upper if new else NONE,
        "prediction_crosses": ", ".join(new.crossed) if new else "",
        "notes": " ".join(each.notes),
    }


def absolute_unit(each: Finding) -> str:
    """Of the absolute effect; "" where there is none."""
    if each.absolute is not None:
        return "events per 1000"
    return "" if each.fit.effects.is_ratio else each.fit.effects.unit


def cells_of(each: Finding) -> tuple[str, ...]:
    """The cells of the printed table, as `HEADER`."""
    mean, effects = each.mean, each.fit.effects
    effect = shown(effects, mean.median, mean.lower, mean.upper)
    ratio = effects.is_ratio
    p = [words.probability(x) for x in (mean.p_mcid, mean.p_trivial, mean.p_harm)]
    if each.mcse:
        p = [f"{text} (MCSE {each.mcse:.1g})" for text in p]
    relative = f"{unit_shown(effects)} {effect}" if ratio else "not applicable"
    absolute = "not given: no baseline risk" if ratio else f"{effect} {effects.unit}"
    if each.absolute is not None:
        absolute = _per_1000(each.absolute)
        if each.baseline_risk is not None:
            risk = _risk(each)
            of = risk.split(" [")[0] if isinstance(risk, str) else ""  # without its source
            at = f"a risk of {of}" if of else f"{1000 * risk:.4g} per 1000"
            absolute += f", at {at} without treatment"
    return (
        each.outcome,
        str(each.fit.k),
        "not given" if each.n is None else f"{each.n}",
        relative,
        absolute,
        *p,
        str(each.certainty),
    )


def notes_of(findings: tuple[Finding, ...]) -> list[str]:
    """The notes below the table, each once, with the outcome where there are several."""
    said = []
    for each in findings:
        start = f"{each.outcome}: " if len(findings) > 1 else ""
        better = f"{each.fit.effects.measure}, {each.fit.effects.better} is better."
        said += [f"{start}{text}" for text in (f"{each.mcid}. {better}", *each.notes)]
    return list(dict.fromkeys(said))


def sentence(each: Finding) -> str:
    """The finding in one sentence."""
    mean = each.mean
    p = words.probability
    return (
        f"{each.outcome}, {each.fit.k} {'study' if each.fit.k == 1 else 'studies'}: mean effect "
        f"{shown(each.fit.effects, mean.median, mean.lower, mean.upper)} "
        f"{unit_shown(each.fit.effects)}; "
        f"important benefit {p(mean.p_mcid)}, trivial {p(mean.p_trivial)}, important harm "
        f"{p(mean.p_harm)} ({each.mcid})."
    )


def _risk(each: Finding) -> float | str:
    """A number, or a distribution in words."""
    risk = each.baseline_risk
    return float(risk) if isinstance(risk, Real) else described(risk)


def _per_1000(absolute: tuple[float, float, float]) -> str:
    """As in ``89 fewer (120 fewer to 51 fewer) per 1000``."""
    texts = [f"{abs(x):.0f} {'fewer' if x < 0 else 'more'}" for x in absolute]
    return f"{texts[0]} ({texts[1]} to {texts[2]}) per 1000"
