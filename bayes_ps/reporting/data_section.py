"""The sections Question and Data: what is asked, of which studies, and what is odd in them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps import words
from bayes_ps.reporting.bias_table import risk_of_bias
from bayes_ps.reporting.blocks import Block, Listed, Repairs, Section, Table, Text, table_of
from bayes_ps.reporting.material import Material
from bayes_ps.reporting.natural_scale import shown

Z = 1.959963984540054
KEPT = ("n_t", "n_c")
WHY = (
    "Bayesian, because the question is how probable an effect of a size that matters is, for the "
    "mean effect and for a new setting, and how that depends on what was believed before; with few "
    "studies it also keeps what is not known of the heterogeneity in every interval."
)


def question(m: Material) -> Section:
    """What is asked, and why in this way."""
    effects = m.effects
    asked = (
        f"How large is the effect over settings like these ({effects.measure} in {effects.unit}; "
        f"{effects.better} is better), how far do settings differ"
    )
    if m.mcid is None:
        asked += ", and how probable is any benefit? No MCID was given, so nothing is said of "
        asked += "whether the effect matters."
    else:
        asked += f", and how probable is a benefit of at least the MCID? {m.mcid}."
    if m.mcids[1:]:
        asked += f" Beside it: {'; '.join(map(str, m.mcids[1:]))}."
    blocks = [Text(said) for said in (m.title, asked, str(m.sd or "")) if said]
    return Section(
        "question",
        "Question",
        "BARG preamble (why Bayesian, goals); PRISMA 4, 12",
        (*blocks, Text(WHY)),
    )


def data(m: Material) -> Section:
    """The studies, how they were computed, and the doctor's findings."""
    effects = m.effects
    said = (
        f"{effects.k} {'study' if effects.k == 1 else 'studies'}; how estimates and standard "
        f"errors were computed: {effects.formulas}."
    )
    said += " Studies share participants: V is a matrix." if effects.V is not None else ""
    blocks: list[Block] = [
        Text(said),
        *([Text(str(m.sd))] if m.sd is not None else []),
        _studies(m),
        Text(f"SHA-256 of these data: {m.data_hash} (of the text that Reproduce describes)."),
        *risk_of_bias(m),
        *_doctor(m),
    ]
    return Section("data", "Data", "BARG step 1 (data); PRISMA 13a, 13b, 18, 19", tuple(blocks))


def _studies(m: Material) -> Table:
    effects = m.effects
    frame = effects.to_frame()[["study", "y", "se"]]
    low, high = effects.y - Z * effects.se, effects.y + Z * effects.se
    ends = zip(effects.y, low, high, strict=True)
    frame["interval"] = [shown(effects, *map(float, each)) for each in ends]
    head = ["Study", "Estimate", "Standard error", "Estimate (95% CI)"]
    if effects.is_ratio:
        head[1:] = ["Log estimate", "Its standard error", "Ratio (95% CI)"]
    for name in KEPT:
        if name in effects.columns and effects.data[name].notna().any():
            frame[name] = effects.data[name].to_numpy()
            head.append(name)
    return table_of(frame, "Estimates of the studies, as they entered the analysis", head)


def _doctor(m: Material) -> Iterator[Block]:
    if m.doctor is None:
        yield Text("The data doctor (bps.examine) was not asked about the table of the studies.")
        return
    count = len(m.doctor)
    said = f"The data doctor examined {m.doctor.rows} rows and has {count} findings."
    if not count:
        yield Text(said)
        return
    yield Text(
        f"{said} Look each up in the paper before you mend it; the code works on the table "
        f"of the studies."
    )
    items = tuple((str(each).split("\n")[0], each.mend) for each in m.doctor)
    yield Repairs("Findings of the data doctor, and the code that mends each", items)


def prior_predictive(m: Material) -> Iterator[Block]:
    """What the priors alone foretell."""
    tau = getattr(m.fit.model, "tau", None)
    tau = tau.given(m.effects.se) if tau is not None and m.fit.has_tau else None
    if tau is not None and tau.proper:
        q = tau.ppf(np.array([0.5, 0.025, 0.975]))
        spread = 2 * Z * float(q[0])
        yield Text(
            f"Prior predictive check of tau: median {words.interval(*map(float, q))} "
            f"{m.effects.unit}; at that median, 95% of settings lie within {spread:.3g} "
            f"{m.effects.unit} of each other, while the estimates span "
            f"{float(np.ptp(m.effects.y)):.3g}."
        )
    if m.fit.hierarchy is None or not all(p.proper for p in m.fit.hierarchy.beta):
        yield Text("The prior of mu is flat or not known here: it foretells no data by itself.")
    elif "prior_predictive" in m.fit.dt.children:
        y = np.asarray(m.fit.dt["prior_predictive"]["y"].values)
        low, high = np.quantile(y, [0.025, 0.975])
        inside = float(((m.effects.y >= low) & (m.effects.y <= high)).mean())
        yield Text(
            f"Prior predictive check: 95% of the estimates that the priors foretell lie from "
            f"{low:.3g} to {high:.3g} {m.effects.unit}; {inside:.0%} of the estimates lie there."
        )
    if m.fit.warnings:
        yield Listed(m.fit.warnings)
