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
        "baseline": [
            "Baseline",
            "BaselineTable",
            "ClusterRobust",
            "Multilevel",
            "Multivariate",
            "PooledCounts",
            "Regression",
            "SubgroupAnalysis",
            "baseline",
            "baseline_many",
            "baseline_table",
            "cluster_robust",
            "impute_covariance",
            "mantel_haenszel",
            "meta_regression",
            "multilevel",
            "multivariate",
            "peto",
            "subgroups",
        ],
        "baseline.influence": [
            "Influence",
            "Refits",
            "baseline_cumulative",
            "baseline_influence",
            "baseline_leave_one_out",
        ],
        "baseline.small_study": [
            "AsymmetryTest",
            "FailSafeN",
            "PetPeese",
            "SelectionModel",
            "TrimAndFill",
            "begg",
            "egger",
            "fail_safe_n",
            "harbord",
            "pet_peese",
            "peters",
            "selection_model",
            "trim_and_fill",
        ],
        "fitting": ["fit"],
        "posterior": ["Fit", "Marginal", "study_weights", "tau_trace"],
        "decision": ["MCID", "Decision", "decide", "mcid_curve"],
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
            "plot_baseline_cumulative",
            "plot_baseline_forest",
            "plot_baseline_leave_one_out",
            "plot_baujat",
            "plot_cumulative",
            "plot_energy",
            "plot_forest",
            "plot_funnel",
            "plot_labbe",
            "plot_leave_one_out",
            "plot_mcid_curve",
            "plot_prior_posterior",
            "plot_prior_sensitivity",
            "plot_radial",
            "plot_rank",
            "plot_tau_trace",
        ],
    },
)
