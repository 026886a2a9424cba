"""The code that the report prints runs as printed, and gives the numbers of the report."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy import stats

import bayes_ps as bps
from bayes_ps.reporting import report_page
from bayes_ps.reporting.blocks import Section
from bayes_ps.reporting.prior_in_r import mu_in_r, tau_in_r
from bayes_ps.reporting.reproduction import as_code, python_code, reproduce
from models import CommonEffect, RandomEffects, priors
from tests.reports.making import EVIL, MCID, SOURCED, Page, material
from tests.unit.making import PAIN, fitted, made

UNIT = "points (0-100)"
SMD = made(PAIN.y / 20, PAIN.se / 20, measure="SMD", unit="SD units")
RATED = PAIN.with_data(pd.DataFrame({"rob_overall": ["high", "low", None, "low"] * 2}))
SHARED = made([-3.0, -9.0, -4.0], [1.5, 2, 3], V=[[2.25, 1, 0], [1, 4, 0], [0, 0, 9]])
CASES = {
    "eight studies": (PAIN, SOURCED, [MCID]),
    "points from SMD": (
        bps.points_from_smd(SMD, 20, unit=UNIT, source="Smith's 'trial' 2010"), SOURCED, [MCID]
    ),
    "several MCIDs": (PAIN, SOURCED, [MCID, bps.MCID(8, unit=UNIT, caveats=('"quoted"',))]),
    "a range": (PAIN, SOURCED, [bps.MCID(priors.uniform(4, 8), unit=UNIT)]),
    "anchors": (PAIN, SOURCED, [bps.anchors([MCID, bps.MCID(8, unit=UNIT)])]),
    "a distribution": (PAIN, SOURCED, [bps.MCID(stats.norm(6, scale=1), unit=UNIT)]),
    "risk of bias": (RATED, SOURCED, [MCID]),
    "shared controls": (SHARED, RandomEffects(priors.normal(0, 20), priors.half_cauchy(5)), [MCID]),
    "common effect": (PAIN, CommonEffect(mu=priors.student_t(3, 0, 20)), [MCID]),
    "names": (made([-3.0, -9.0], [1.5, 2], study=[EVIL, "=1+1\n'"]), SOURCED, [MCID]),
    "no MCID": (PAIN, SOURCED, []),
}  # fmt: skip


@pytest.fixture(scope="module", params=CASES)
def case(request):
    """A report's material, and what its code left behind and printed."""
    effects, model, mcids = CASES[request.param]
    m = material(fitted(effects, model), mcids=tuple(mcids))
    import contextlib
    import io

    names, out = {}, io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(python_code(m), "report", "exec"), names)
    return m, names, out.getvalue()


def test_the_code_gives_the_same_fit(case):
    m, names, printed = case
    fit = names["fit"]
    assert fit.average().median == m.fit.average().median
    assert str(fit.effects) == str(m.effects) and str(m.fit) in printed
    assert list(fit.effects.study) == list(m.effects.study)


def test_the_code_gives_the_same_decisions(case):
    m, names, printed = case
    for name, each in zip(("mcid", "mcid_2"), m.decisions, strict=False):
        again = names["bps"].decide(names["fit"], names[name])
        assert again.mean == each.mean and again.new == each.new and again.share == each.share
        assert str(each) in printed
    if m.robust is not None:
        assert [v.p_mean for v in names["robust"].variants] == approx(
            [v.p_mean for v in m.robust.variants], nan_ok=True
        )
        assert str(m.robust) in printed and str(m.gate) in printed
    if m.tipping is not None:
        assert str(m.tipping) in printed


def test_the_code_runs_in_a_python_of_its_own(tmp_path):
    m = material(fitted(*CASES["risk of bias"][:2]))
    script = tmp_path / "again.py"
    script.write_text(python_code(m), encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert not done.stderr
    for each in (m.decision, m.robust, m.gate, m.tipping, m.pools):
        assert str(each) in done.stdout


def test_an_mcid_as_code_leaves_out_what_is_as_by_default():
    assert as_code(bps.MCID(5, unit="points")) == "bps.MCID(5, unit='points')"
    found = as_code(bps.MCID(stats.norm(6, scale=1), unit="points", kind="rule of thumb"))
    assert found == "bps.MCID(stats.norm(6, scale=1), unit='points', kind='rule of thumb')"


@pytest.mark.parametrize(
    ("prior", "expected"),
    [
        (priors.half_cauchy(2), "function(t) dhalfcauchy(t, scale = 2)"),
        (priors.half_student_t(3, 0.5), "function(t) dhalft(t, df = 3.0, scale = 0.5)"),
        (priors.log_normal(-1, 0.8), "function(t) dlnorm(t, meanlog = -1.0, sdlog = 0.8)"),
        (priors.jeffreys(), '"Jeffreys"'),
        (priors.improper_uniform(), '"uniform"'),
    ],
)
def test_priors_in_r(prior, expected):
    assert tau_in_r(prior).replace("2.0", "2") == expected


def test_densities_in_r_are_the_densities():
    """R's formulas that are written out, computed here by what R's functions are."""
    from scipy.special import gammaln

    known = {
        "exp": np.exp, "log": np.log, "lgamma": gammaln, "t": 0.7,
        "dt": lambda x, df: stats.t.pdf(x, df),
    }  # fmt: skip
    for prior in (priors.inverse_gamma(2, 0.3), priors.log_student_t(5, -1.7, 1.3)):
        body = tau_in_r(prior).removeprefix("function(t) ")
        assert eval(body, known) == approx(np.exp(prior.logpdf(0.7)), rel=1e-12)


def test_a_prior_that_r_does_not_know_is_not_made_up(monkeypatch):
    monkeypatch.setattr(report_page, "figures", lambda m: Section("figures", "Figures", "", ()))
    assert mu_in_r(priors.student_t(3, 0, 1)) is None and tau_in_r(priors.point(1)) is None
    model = RandomEffects(mu=priors.student_t(3, 0, 20), tau=priors.half_normal(5))
    text = report_page.page(material(fitted(made(PAIN.y[:3], PAIN.se[:3]), model)))
    assert "bayesmeta(y" not in text and "only metafor is called" in Page(text).text


def test_r_asks_on_the_side_of_benefit_and_is_said_not_to_have_run():
    """bayesmeta's pposterior is P(mu <= x): as it is where lower is better, else 1 minus it."""
    said = " ".join(reproduce(material()).words())
    assert "\nfit$pposterior(mu = -5.0)\n" in said
    assert "it was not run when this report was made" in said
    higher = made(-PAIN.y, PAIN.se, better="higher")
    said = " ".join(reproduce(material(fitted(higher, SOURCED))).words())
    assert "\n1 - fit$pposterior(mu = 5.0, predict = TRUE)" in said
