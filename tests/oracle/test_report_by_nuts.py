"""The code that a report of a fit by NUTS prints gives the same draws again."""

import contextlib
import io

import numpy as np

import bayes_ps as bps
from bayes_ps.reporting.reproduction import python_code
from models import RandomEffects, priors
from tests.reports.making import material
from tests.unit.making import PAIN

OPTIONS = {"draws": 300, "tune": 400, "chains": 2, "target_accept": 0.95}


def test_the_code_samples_the_same_draws():
    model = RandomEffects(mu=priors.normal(0, 20), tau=priors.half_normal(5))
    m = material(bps.fit(model, PAIN, engine="nuts", seed=7, **OPTIONS))
    code, names = python_code(m), {}
    for name, value in {**OPTIONS, "seed": 7}.items():
        assert f"{name}={value}" in code
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "report", "exec"), names)
    for unknown in ("mu", "tau", "theta_new"):
        first, again = (fit.dt["posterior"][unknown].values for fit in (m.fit, names["fit"]))
        np.testing.assert_array_equal(first, again)
    assert names["bps"].decide(names["fit"], names["mcid"]).mean == m.decision.mean
