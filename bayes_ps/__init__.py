"""bayes_ps: how probable is an effect that matters?

``import bayes_ps as bps``: studies -> effects -> baseline / posterior -> decision -> plots.
Names are loaded when first used, so that the import itself is fast.
"""

import lazy_loader as _lazy

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submodules=["checks", "priors", "sensitivity"],
    submod_attrs={
        "studies": ["read_studies"],
        "effects": ["Effects", "effect_sizes", "se_from_ci", "se_from_p"],
        "baseline": ["Baseline", "baseline"],
        "fitting": ["fit"],
        "posterior": ["Fit", "Marginal", "study_weights", "tau_trace"],
        "decision": ["MCID", "Decision", "decide", "mcid_curve"],
        "many": ["Summary", "pit_many", "pool_array", "pool_many", "summarise"],
        "comparison": ["Comparison", "compare"],
        "diagnostics": [
            "Calibration",
            "Certificate",
            "Diagnosis",
            "PredictiveCheck",
            "calibrate",
            "certify",
            "diagnose",
            "predictive_check",
        ],
        "plots": [
            "alt_text",
            "plot_cumulative",
            "plot_energy",
            "plot_forest",
            "plot_leave_one_out",
            "plot_mcid_curve",
            "plot_prior_posterior",
            "plot_prior_sensitivity",
            "plot_rank",
            "plot_tau_trace",
        ],
    },
)
