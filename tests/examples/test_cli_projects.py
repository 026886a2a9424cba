"""The examples of ``bayes-ps … --help`` run as printed, and two of them are reviewers' projects.

Their numbers are held against a computation of its own: effects from the arms by the formulas,
REML by SciPy's optimiser, and the posterior by adding up over a fine grid of tau.
"""

import json
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy.optimize import minimize_scalar
from scipy.stats import norm, t

from bayes_ps.cli import main
from bayes_ps.cli.command_line import whole_parser

ROOT = Path(__file__).parents[2]
COMMANDS = ("analyse", "examine", "priors", "mcid")


def printed(command):
    """The examples of a command's help, each as its arguments."""
    parsers = next(a.choices for a in whole_parser()._actions if getattr(a, "choices", None))
    text = parsers[command].epilog.replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("bayes-ps ")]


@pytest.fixture
def in_the_project(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.mark.usefixtures("in_the_project")
@pytest.mark.parametrize("arguments", [each for c in COMMANDS[1:] for each in printed(c)])
def test_the_examples_run_as_printed(capsys, arguments):
    code = main(arguments)
    out, err = capsys.readouterr()
    assert code == (1 if arguments[0] == "examine" else 0) and out
    assert "Traceback" not in err


def project(arguments, folder):
    """Its results, with the folder somewhere else than printed."""
    at = arguments.index("--out") + 1
    changed = [*arguments[:at], str(folder / arguments[at]), *arguments[at + 1 :], "--quiet"]
    assert main(changed) == 0
    return folder / arguments[at]


def hedges_g(rows, *, revman):
    """y and se of treated minus control: J = 1 − 3/(4N − 9), or exact with the LS variance."""
    from scipy.special import gammaln

    n1, n2 = rows["n1"].to_numpy(float), rows["n2"].to_numpy(float)
    m = n1 + n2 - 2
    pooled = np.sqrt(((n1 - 1) * rows["s1"] ** 2 + (n2 - 1) * rows["s2"] ** 2) / m)
    d = ((rows["m1"] - rows["m2"]) / pooled).to_numpy(float)
    if revman:
        g = d * (1 - 3 / (4 * (n1 + n2) - 9))
        v = (n1 + n2) / (n1 * n2) + g**2 / (2 * (n1 + n2 - 3.94))
    else:
        g = d * np.exp(gammaln(m / 2) - np.log(np.sqrt(m / 2)) - gammaln((m - 1) / 2))
        v = 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2))
    return g, np.sqrt(v)


def reml(y, se):
    """tau², mu, and Hartung-Knapp's se, k − 1 df."""

    def deviance(tau2):
        w = 1 / (se**2 + tau2)
        mu = w @ y / w.sum()
        return -np.log(w).sum() + np.log(w.sum()) + w @ (y - mu) ** 2

    top = 10 * y.var()
    tau2 = minimize_scalar(deviance, bounds=(0, top), method="bounded", options={"xatol": 1e-12}).x
    w = 1 / (se**2 + tau2)
    mu = w @ y / w.sum()
    return tau2, mu, np.sqrt(w @ (y - mu) ** 2 / w.sum() / (y.size - 1))


def grid(y, se, scale):
    """Nodes of tau with weights, and mean and sd of mu given each: flat mu, half-normal tau."""
    tau = (np.arange(20_000) + 0.5) * (8 * scale / 20_000)
    w = 1 / (se**2 + tau[:, None] ** 2)
    v = 1 / w.sum(axis=1)
    mu = (w @ y) * v
    log_p = 0.5 * (np.log(w).sum(axis=1) + np.log(v) - (w * (y - mu[:, None]) ** 2).sum(axis=1))
    p = np.exp(log_p - 0.5 * (tau / scale) ** 2 - log_p.max())
    return tau, p / p.sum(), mu, v


def held_against(folder, y, se, scale):
    """Baseline, and the probabilities of every MCID, for lower is better."""
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert [row["y"] for row in found["studies"]] == approx(y, rel=1e-12)
    assert [row["se"] for row in found["studies"]] == approx(se, rel=1e-12)
    tau2, mu, half = reml(y, se)
    base = found["baseline"]["main"]
    assert (base["tau2"], base["mu"], base["se"]) == approx((tau2, mu, half), rel=1e-5)
    assert base["upper"] == approx(mu + half * t.ppf(0.975, y.size - 1), rel=1e-5)
    tau, p, mean, v = grid(y, se, scale)
    for each in found["decisions"]:
        size = each["mcid"]["value"]
        in_mean, in_new = each["targets"][:2]
        for target, sd in ((in_mean, np.sqrt(v)), (in_new, np.sqrt(v + tau**2))):
            assert target["p_mcid"] == approx(p @ norm.cdf((-size - mean) / sd), abs=2e-7)
            assert target["p_harm"] == approx(p @ norm.sf((size - mean) / sd), abs=2e-7)
            assert target["p_benefit"] == approx(p @ norm.cdf(-mean / sd), abs=2e-7)
    return found


@pytest.mark.usefixtures("in_the_project")
def test_chronic_back_pain_in_one_call(tmp_path, capsys):
    """The open data of the review: 12 trials, of which one reports changes only; its own g."""
    arguments = printed("analyse")[0]
    folder = project(arguments, tmp_path)
    assert "The mean effect is beyond the MCID with probability 0." in capsys.readouterr().out
    table = pd.read_csv(ROOT / arguments[1])
    rows = table[table["outcome"] == "pain intensity"]
    names = {"n_t": "n1", "mean_t": "m1", "sd_t": "s1", "n_c": "n2", "mean_c": "m2", "sd_c": "s2"}
    values = {new: rows[old].fillna(rows[f"change_{old}"]) for old, new in names.items()}
    y, se = hedges_g(pd.DataFrame(values), revman=False)
    found = held_against(folder, y, se, 0.5)
    assert [row["study"] for row in found["studies"]] == list(rows["study"])
    assert found["decisions"][0]["mcid"]["kind"] == "rule of thumb"
    assert -y == approx(rows["published_g"].to_numpy(), abs=0.01)
    assert len(found["doctor"]) >= 1


@pytest.mark.usefixtures("in_the_project")
def test_exercise_for_knee_pain_in_one_call(tmp_path, capsys):
    """Cochrane CD004376, analysis 1.1 A: 28 studies, 2873 people, SMD times 20 points."""
    arguments = printed("analyse")[1]
    folder = project(arguments, tmp_path)
    said = capsys.readouterr().out
    assert said.count("The mean effect is beyond the MCID") == 3
    assert "one SD of 20 points (0-100) (source: assumed)" in said
    table = pd.read_csv(ROOT / arguments[1])
    rows = table[(table["Analysis number"] == 1) & table["Subgroup"].str.startswith("A)")]
    names = {
        "Experimental N": "n1", "Experimental mean": "m1", "Experimental SD": "s1",
        "Control N": "n2", "Control mean": "m2", "Control SD": "s2",
    }  # fmt: skip
    y, se = hedges_g(rows.rename(columns=names), revman=True)
    assert y == approx(rows["Mean"].to_numpy(), abs=2e-6)  # as the review prints them
    found = held_against(folder, 20 * y, 20 * se, 10)
    assert [each["mcid"]["value"] for each in found["decisions"]] == [8, 10, 19.9]
    assert found["inputs"]["k"] == 28 and found["inputs"]["participants"] == 2873
    assert found["review"]["printed_effects_that_agree"] == 28
    assert found["review"]["pooling"] == {"pooling": "IV", "tau2": "DL"}
    for name in ("report.html", "findings.docx", "figures/forest.png", "figures/forest.svg"):
        assert name in found["files"] and (folder / name).stat().st_size > 5000
