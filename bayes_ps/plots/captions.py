"""What several figures say alike: which model, by which engine, of which setting."""

from __future__ import annotations

from bayes_ps.effects.stated_sd import assumed_sd
from bayes_ps.posterior import Fit, Setting


def engine_of(fit: Fit) -> str:
    """How the posterior was computed."""
    if fit.engine == "exact":
        return "Exact engine: quadrature over tau, no Monte Carlo error"
    sizes = fit.dt["posterior"].sizes
    return (
        f"{fit.engine.upper()}: {sizes['chain']} chains of {sizes['draw']} draws, seed {fit.seed}"
    )


def about(fit: Fit) -> str:
    """The model, the engine, and by which SD standardised effects were made points."""
    sd = assumed_sd(fit.effects)
    return f"{fit.model}. {engine_of(fit)}." + (f" {sd.methods}" if sd is not None else "")


def setting_of(at: Setting) -> tuple[str, ...]:
    """The setting that a figure is about, as a sentence; nothing for a model without moderators."""
    if not at:
        return ()
    return ("Setting: " + ", ".join(f"{name} = {value}" for name, value in at.items()) + ".",)
