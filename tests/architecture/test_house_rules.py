"""Sizes, lazy imports, public names, docstrings: the rules of the house."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import bayes_ps
import models

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "bayes_ps").rglob("*.py"), *(ROOT / "models").rglob("*.py")])
IDS = [str(path.relative_to(ROOT)) for path in FILES]

PUBLIC = {
    "AbsoluteRisk", "Analysis", "AsymmetryTest", "Bands", "Baseline", "BaselineTable",
    "BiasTipping", "Calibration", "Certificate", "ClusterRobust", "Comparison", "Decision",
    "Diagnosis", "Effects", "FailSafeN", "Fit", "Gate", "Influence", "MCID", "MCIDBand", "Marginal",
    "Multilevel", "Multivariate", "OutcomeRow", "PetPeese", "PooledCounts", "PredictiveCheck",
    "Refits", "Regression", "Report", "Responders", "Robustness", "SelectionModel", "Studies",
    "SubgroupAnalysis", "Summary", "SummaryOfFindings", "Together", "TrimAndFill",
    "absolute_risk", "alt_text", "analyses", "analysis", "anchors", "bands", "baseline",
    "baseline_cumulative", "baseline_influence", "baseline_leave_one_out", "baseline_many",
    "baseline_table", "begg", "calibrate", "certify", "checks", "ci_from_sd", "cluster_robust",
    "cluster_size_cv", "combine_arms", "combine_counts", "compare", "correlation_from_paired_se",
    "correlation_from_sds", "decide", "decide_together", "design_effect", "design_effect_from_se",
    "diagnose",
    "effect_sizes", "effective_counts", "effective_n", "egger", "enthusiastic", "examine",
    "fail_safe_n", "fit", "harbord", "icc_from_design_effect", "impute_covariance", "inflate_se",
    "instruments", "log_hr_from_o_e", "log_or_from_log_rr", "log_or_from_smd",
    "log_rr_from_log_or", "mantel_haenszel", "mcid_band", "mcid_curve", "mcids",
    "mean_sd_from_quantiles",
    "meta_regression", "multilevel", "multivariate", "o_e_from_log_hr", "p_from_t", "pet_peese",
    "peters", "peto", "pit_many", "points_from_smd", "pool_array", "pool_many", "predictive_check",
    "priors", "published_mcid", "r_from_smd", "r_from_z", "read_cochrane", "read_rm5",
    "read_studies", "reportable", "responders", "robustness", "sceptical", "sd_from_ci",
    "sd_from_difference_ci", "sd_from_difference_f", "sd_from_difference_p",
    "sd_from_difference_se", "sd_from_difference_t", "sd_from_iqr", "sd_from_range", "sd_from_se",
    "sd_of_change", "se_from_ci", "se_from_difference_ci", "se_from_difference_f",
    "se_from_difference_p", "se_from_difference_t", "se_from_p", "se_from_paired_ci",
    "se_from_paired_p", "se_from_sd", "se_of_difference", "se_of_fisher_z",
    "se_of_paired_difference", "selection_model", "sensitivity", "skewness_test",
    "smd_from_cross_over", "smd_from_log_or", "smd_from_points", "smd_from_r",
    "split_shared_control", "study_weights", "subgroups", "summarise", "summary_of_findings",
    "sweep_correlations", "t_from_p", "tau_trace", "tipping_bias", "trim_and_fill",
    "with_instruments", "with_shared_controls", "write_report", "z_from_r",
    "plot_baseline_cumulative", "plot_baseline_forest", "plot_baseline_leave_one_out",
    "plot_baujat", "plot_cumulative", "plot_energy", "plot_forest", "plot_funnel", "plot_labbe",
    "plot_leave_one_out", "plot_mcid_curve", "plot_outcomes", "plot_prior_posterior",
    "plot_prior_sensitivity", "plot_radial", "plot_rank", "plot_robustness", "plot_tau_trace",
    "plot_tipping_bias",
}  # fmt: skip


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


@pytest.mark.parametrize("package", ["bayes_ps", "models"])
def test_import_loads_nothing_heavy(package):
    heavy = "pymc|arviz|arviz_stats|arviz_plots|matplotlib|numba|pytensor|nutpie"
    code = (
        f"import sys, {package}; "
        f"print([m for m in {heavy.split('|')} if m in sys.modules]); assert {package}.__doc__"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_exact_fit_loads_nothing_heavy():
    code = """
import sys, bayes_ps as bps
from models import RandomEffects, priors
effects = bps.Effects.from_estimates(
    [1, 2], se=[1, 1], study=["a", "b"], measure="MD", unit="points", better="higher")
fit = bps.fit(RandomEffects(mu=priors.flat(), tau=priors.half_normal(1)), effects)
str(fit)
print([m for m in ("pandas", "xarray", "scipy.optimize") if m in sys.modules])
bps.decide(fit, bps.MCID(1, unit="points"))
print([m for m in ("pymc", "arviz_stats", "matplotlib", "numba") if m in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]\n[]"


def test_public_names():
    assert set(bayes_ps.__all__) == PUBLIC
    for name in PUBLIC:
        assert getattr(bayes_ps, name).__doc__, name
    assert set(models.__all__) == {
        "BiasAdjusted", "CommonEffect", "MetaRegression", "Network", "PooledEvidence",
        "RandomEffects", "StudentTEffects", "ThreeLevel", "priors",
    }  # fmt: skip


def test_a_name_that_a_room_shares_stays_callable():
    """The room `baseline` exports `baseline`; importing the room must not shadow the function."""
    code = "import bayes_ps.baseline, bayes_ps; assert callable(bayes_ps.baseline)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_files_and_functions_are_small(path):
    text = path.read_text()
    assert text.count("\n") <= 300
    assert ast.get_docstring(ast.parse(text)), "the first line says the purpose"
    for node in functions(path):
        doc = ast.get_docstring(node, clean=False)
        size = node.end_lineno - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)
        arguments = node.args
        named = [a.arg for a in [*arguments.posonlyargs, *arguments.args] if a.arg not in _SELF]
        assert size <= 40, f"{node.name}: {size} lines"
        assert len(named) <= 4, f"{node.name}: {len(named)} positional parameters"
        assert len(named) + len(arguments.kwonlyargs) <= 8, f"{node.name}: too many parameters"


_SELF = {"self", "cls"}


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_nothing_prints(path):
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]
    assert not calls


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_a_module_never_bears_the_name_of_what_it_exports(path):
    assert path.stem not in {node.name for node in functions(path)}


@pytest.mark.parametrize(
    "name",
    sorted(
        n
        for n in PUBLIC
        if n.islower() and not n.startswith("plot") and n not in ("priors", "checks", "sensitivity")
    ),
)
def test_docstrings_of_public_functions_say_parameters_and_source(name):
    doc = getattr(bayes_ps, name).__doc__
    assert doc.strip().splitlines()[0].endswith((".", "?")), doc
    function = getattr(bayes_ps, name)
    if name not in ("se_from_ci", "se_from_p"):
        assert "Raises" in doc or "Parameters" in doc or "doi" in doc
    assert importlib.import_module(function.__module__).__doc__


def test_import_linter_keeps_the_floors():
    from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

    assert (
        lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
        == EXIT_STATUS_SUCCESS
    )
