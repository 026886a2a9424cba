"""What several figures say alike: by which engine, of which setting."""

from __future__ import annotations

from bayes_ps.posterior import Fit, Setting


def engine_of(fit: Fit) -> str:
    """How the posterior was computed."""
    if fit.engine == "exact":
        return "Exact engine: quadrature over tau, no Monte Carlo error"
    sizes = fit.dt["posterior"].sizes
    return (
        f"{fit.engine.upper()}: {sizes['chain']} chains of {sizes['draw']} draws, seed {fit.seed}"
    )


def setting_of(at: Setting) -> tuple[str, ...]:
    """The setting that a figure is about, as a sentence; nothing for a model without moderators."""
    if not at:
        return ()
    return ("Setting: " + ", ".join(f"{name} = {value}" for name, value in at.items()) + ".",)
