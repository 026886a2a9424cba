"""Every example runs as a user runs it, and the numbers it prints are checked."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import norm, t

ROOT = Path(__file__).parents[2]
FIGURES = {
    "cochrane_review": {"forest"},
    "knee_exercise": {"forest", "outcomes"},
    "spreadsheet": {"forest"},
    "eight_schools": {"forest", "tau_trace"},
    "low_back_pain": {"forest", "mcid_curve", "prior_posterior", "tau_trace"},
    "peer_support": {
        "forest_active",
        "forest_inactive",
        "mcid_curve_active",
        "mcid_curve_inactive",
        "mcid_curve_pain_medium",
        "mcid_curve_self_efficacy_medium",
    },
}
SAMPLED = {
    "eight_schools": {"rank"},
    "low_back_pain": {"rank", "energy"},
    "peer_support": {"rank_active", "rank_inactive"},
}


def run(name, output, *options):
    """What an example prints, run from a folder that is not the project's."""
    script = ROOT / "examples" / f"{name}.py"
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script), "--output", str(output), *options],
        capture_output=True,
        text=True,
        cwd=output,
        env=os.environ | {"MPLBACKEND": "Agg"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def figures(folder):
    return {path.stem for path in folder.glob("*.png")}


@pytest.fixture(scope="module")
def exact(tmp_path_factory):
    """Runs an example by the exact engine, once: its folder, and what it printed."""
    done = {}

    def ran(name):
        if name not in done:
            folder = tmp_path_factory.mktemp(name)
            done[name] = folder, run(name, folder, "--engine", "exact")
        return done[name]

    return ran


@pytest.mark.parametrize("name", FIGURES)
def test_example_by_the_exact_engine(name, exact):
    folder, printed = exact(name)
    assert "nan" not in printed.lower().replace("anan", "").replace('float("nan")', "")
    assert figures(folder) == FIGURES[name]
    assert len(pd.read_csv(folder / "results.csv"))


@pytest.fixture(scope="module")
def peer_support(tmp_path_factory):
    folder = tmp_path_factory.mktemp("peer_support")
    return folder, run("peer_support", folder)


def test_main_job_is_certified(peer_support):
    folder, printed = peer_support
    assert printed.count("Certificate passed") == 9
    assert "FAILED" not in printed
    assert printed.count(" 0 divergences") == 9
    assert printed.count("no problem found") == 9
    assert figures(folder) == FIGURES["peer_support"] | SAMPLED["peer_support"]


def test_main_job_reproduces_the_published_pools(peer_support):
    """Wilson 2024, abstract: each estimate and interval to the printed digit."""
    folder, printed = peer_support
    results = pd.read_csv(folder / "results.csv")
    assert list(results) == [
        "comparator", "outcome", "term", "measure", "estimate", "ci_low", "ci_high", "post_mean",
        "lower", "upper", "mcid", "mcid_source", "p_benefit", "p_mcid_mean", "p_mcid_new",
        "p_harm_mean",
    ]  # fmt: skip
    assert (
        len(results) == 15 and len(results.drop_duplicates(["comparator", "outcome", "term"])) == 7
    )
    for printed_as, ours in (("estimate", "post_mean"), ("ci_low", "lower"), ("ci_high", "upper")):
        assert (results[ours].round(2) == results[printed_as]).all()
    assert "not public" in printed and "scale inferred" in printed and "external" in printed
    assert "rule of thumb" in printed and "No MCID was found" in printed


def test_main_job_probabilities_are_those_of_a_normal(peer_support):
    """With a flat prior mu ~ N(post_mean, se²): P beyond each MCID by SciPy."""
    folder, _ = peer_support
    results = pd.read_csv(folder / "results.csv")
    known = results[results["mcid"].notna()]
    sign = known["outcome"].map({"pain": -1, "self-efficacy": 1, "function": -1})
    se = (known["upper"] - known["lower"]) / (2 * norm.ppf(0.975))
    benefit = sign * known["post_mean"]
    want = norm.sf((known["mcid"] - benefit) / se)
    assert known["p_mcid_mean"].to_numpy() == pytest.approx(want, abs=1e-12)
    want = norm.cdf((-known["mcid"] - benefit) / se)
    assert known["p_harm_mean"].to_numpy() == pytest.approx(want, abs=1e-12)
    pain = known[(known["outcome"] == "pain") & (known["term"] == "medium")].iloc[0]
    assert pain["p_mcid_new"] == pytest.approx(_new_beyond(pain, se[pain.name]), abs=1e-8)


def _new_beyond(row, se):
    """P(theta_new <= -10): mu ~ N(post_mean, se²), log tau ~ t5(-1.51 + log 20, 1.135²)."""
    log_tau = t(5, -3.02 / 2 + np.log(20), 2.27 / 2)

    def given(u):
        sd = np.hypot(se, np.exp(u))
        return log_tau.pdf(u) * norm.cdf((-row["mcid"] - row["post_mean"]) / sd)

    ends = (-700, -60, -10, 0, 3, 10, 60, 700)  # a t5 has 2e-8 of its mass beyond 60
    return sum(quad(given, *each, epsabs=1e-14)[0] for each in itertools.pairwise(ends))


def test_studies_can_be_passed(tmp_path):
    """--studies: an invented file of three studies of one outcome, named as invented."""
    studies = pd.DataFrame(
        {
            "comparator": "usual care",
            "outcome": "pain",
            "term": "medium",
            "study": ["invented 1", "invented 2", "invented 3"],
            "estimate": [-2.0, -5.0, -4.0],
            "se": [2.0, 2.5, 3.0],
        }
    )
    file = tmp_path / "studies.csv"
    studies.to_csv(file, index=False)
    printed = run("peer_support", tmp_path, "--engine", "exact", "--studies", str(file))
    assert "published MD -3.48 (-6.61 to -0.35)" in printed
    assert "Random effects (DL), 3 studies" in printed
    assert (tmp_path / "studies_pain_medium_usual_care.png").exists()
    assert len(pd.read_csv(tmp_path / "results_studies.csv")) == 3 * 5


def test_low_back_pain_reproduces_the_review(tmp_path):
    """Cochrane CD001703.pub4, analysis 1.2: study effects and weights within class (DL)."""
    printed = run("low_back_pain", tmp_path)
    assert "SNRI  6 -5.25  -7.17  -3.34" in printed
    assert printed.count("Certificate passed") == 1
    results = pd.read_csv(tmp_path / "results.csv")
    assert len(results) == 2 * 18
    assert figures(tmp_path) == FIGURES["low_back_pain"] | SAMPLED["low_back_pain"]


def test_any_cochrane_file_goes_in(tmp_path):
    """CD004376, exercise for knee pain: 131 rows as published, and a decision."""
    file = ROOT / "tests" / "data" / "cochrane" / "CD004376-pub4-data-rows.csv"
    printed = run("cochrane_review", tmp_path, str(file), "--analysis", "1.1", "--mcid", "0.5")
    assert "131 of 131 printed effects with their intervals are the same to 1e-4" in printed
    assert "131 of 131 weights are the same to 1e-3" in printed
    assert "within each subgroup" in printed or "weights within" in printed
    assert "mu -0.730 (-0.865 to -0.599)" in printed
    assert figures(tmp_path) == {"forest", "mcid_curve"}


def test_a_ratio_takes_its_mcid_as_a_ratio(tmp_path):
    file = ROOT / "tests" / "data" / "cochrane" / "CD001703-pub4-data-rows.csv"
    printed = run("cochrane_review", tmp_path, str(file), "--analysis", "1.25", "--mcid", "0.8")
    assert "17 of 17 printed effects" in printed and "17 of 17 weights" in printed
    assert "MCID 0.223144 log RR" in printed


def test_the_slip_is_caught_before_it_is_pooled(exact):
    folder, printed = exact("spreadsheet")
    assert 'certain: decimal slip. "Zheng, 2022a" (row 16), change_mean_t = -5941' in printed
    assert 'certain: SE, not SD. "Garcia, 2021"' in printed
    found = pd.read_csv(folder / "findings.csv")
    assert (found["sure"] == "certain").sum() == 4
    rows = pd.read_csv(folder / "results.csv")
    mean = rows[rows["target"].str.contains("mean")].set_index(["outcome", "state"])
    before, after = (
        mean.loc[("pain catastrophizing", state), "p_mcid"] for state in ("as published", "mended")
    )
    assert round(before, 3) == 0.780 and round(after, 3) == 0.735
