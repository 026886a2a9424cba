"""A published pool stands alone, and its tau comes from outside."""

import pytest

from bayes_ps import priors
from bayes_ps.checks import ModelError
from models import PooledEvidence
from tests.unit.making import PAIN, made

MODEL = PooledEvidence(priors.flat(), priors.log_normal(-1.28, 0.87, source="Rhodes 2015"))


def test_it_takes_one_estimate():
    for part in (MODEL.gaussian, MODEL.build):
        with pytest.raises(
            ModelError, match=r"takes one pooled estimate, but got 8 studies.*Random"
        ):
            part(PAIN)


def test_the_pool_says_nothing_of_tau():
    h = MODEL.gaussian(made([-0.4], [0.15]))
    assert h.component.is_external and h.component.prior == MODEL.tau
    assert "tau ~ log-normal(location -1.28, scale 0.87) [Rhodes 2015]" in str(MODEL)
    assert str(MODEL).endswith("(external: not updated by the pool)")
