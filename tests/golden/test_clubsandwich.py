"""Cluster-robust inference against clubSandwich 0.7.0 as its documentation prints it.

Data: Assink & Wibbelink 2016 (metadat::dat.assink2016), 100 effects in 17 studies; models of the
reference pages ``vcovCR.rma.uni`` and ``vcovCR.rma.mv``. By default metafor stops REML early, which
stands between its tau² and ours: covariances are held to 1e-5 of their scale. The same numbers are
computed once more from the definition of CR2 and its degrees of freedom, with k x k matrices and
scipy's matrix square roots.
"""

import re

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy.linalg import pinvh, sqrtm

from bayes_ps.baseline.components import multilevel
from bayes_ps.baseline.regression import meta_regression
from bayes_ps.baseline.robust import cluster_robust
from bayes_ps.effects import Effects
from tests import references

# Study, then yi/vi/year and the first letter of deltype (covert, general, overt).
ASSINK = """
1: .9066/.074/4.5g .4295/.0398/4.5g .2679/.0481/4.5g .2078/.0239/4.5g .0526/.0331/4.5g
  -.0507/.0886/4.5g
2: .5117/.0115/1.5g .4738/.0076/1.5g .3544/.0065/1.5g
3: 2.2844/.3325/-8.5g 2.1771/.3073/-8.5g 1.7777/.2697/-8.5g 1.548/.4533/-8.5g 1.4855/.1167/-6.5g
  1.4836/.1706/-6.5g 1.2777/.1538/-8.5g 1.0311/.3132/-8.5g .9409/.1487/-6.5g .6263/.2139/-6.5g
4: -.0447/.0331/-7.5g
5: 1.549/.1384/-11.5g
6: .7516/.0477/5.5g .3979/.0449/5.5g .2062/.3533/5.5g -.2927/.0758/5.5g -.5067/.0314/5.5g
7: 1.7083/.0729/3.5g .8003/.0815/3.5g .7268/.1394/3.5g .6569/.0943/3.5g .5569/.1355/3.5g
  .3504/.0763/3.5g
8: .3695/.0199/1.5g
9: .1048/.0331/5.5g .1748/.0346/5.5g
10: .4549/.0278/4.5g .3161/.0185/4.5g .0826/.0328/4.5g .0221/.0612/4.5g -.0199/.0127/4.5g
11: 2.358/.1226/-6.5g 2.358/.1226/-6.5g 2.3157/.2416/-6.5g 2.0765/.0844/-6.5g 2.0034/.078/-6.5g
  1.7716/.0723/-6.5g 1.4918/.0701/-6.5g 1.4476/.0422/-6.5g 1.2897/.0663/-6.5o 1.2637/.0935/-6.5o
  1.2423/.0392/-6.5g 1.1769/.0387/-6.5g 1.076/.0391/-6.5g 1.0653/.038/-6.5o 1.0379/.1651/-6.5g
  1.0101/.0586/-6.5o 1.0087/.0386/-6.5o .8765/.0893/-6.5g .8615/.1591/-6.5o .8531/.035/-6.5g
  .6999/.0353/-6.5g .6947/.0353/-6.5g
12: .2994/.0041/4.5o .2992/.0042/4.5g .2989/.0041/4.5o .291/.0042/4.5o .217/.0041/4.5o
13: .3874/.0138/-3.5g .2178/.0137/-3.5g
14: .4571/.01/-1.5g .1947/.0059/-1.5g .0239/.0025/-1.5g -.0575/.0032/-1.5g -.119/.0789/-1.5g
  -.2945/.0179/-1.5g
15: .713/.1537/-13.5g .399/.2334/-13.5g -.7645/.1674/-13.5g
16: .7156/.0914/2.5o .7067/.0875/2.5c .6475/.033/2.5g .6428/.0861/2.5c .6271/.04/2.5g
  .6238/.068/2.5g .6025/.1287/2.5o .5763/.0332/2.5g .5171/.0517/2.5c -.3797/.039/2.5c
  -.4228/.0664/2.5c -.4245/.0809/2.5c -.4671/.0667/2.5c -.523/.0988/2.5o -.5675/.034/2.5c
  -.7586/.0437/2.5c
17: .3453/.034/5.5g .1221/.0158/5.5g .0906/.0107/5.5g .004/.0208/5.5g -.0207/.0123/5.5g
  -.066/.01/5.5g
"""
TYPES = {"c": "covert", "g": "general", "o": "overt"}


def assink() -> Effects:
    rows, study = [], ""
    for word in ASSINK.split():
        if word.endswith(":"):
            study = word[:-1]
        else:
            y, v, year, kind = re.fullmatch(r"(.+)/(.+)/(.+)(\w)", word).groups()
            rows.append((study, float(y), float(v), float(year), TYPES[kind]))
    frame = pd.DataFrame(rows, columns=["trial", "y", "v", "year", "deltype"])
    effects = Effects.from_estimates(
        frame.y,
        se=np.sqrt(frame.v),
        study=range(len(frame)),
        measure="SMD",
        unit="SD units",
        better="lower",
    )
    return effects.with_data(frame[["trial", "year", "deltype"]])


def two_level():
    return meta_regression(assink(), "year + deltype", "REML", "z")


def three_level():
    return multilevel(assink(), "trial", "year + deltype")


UNI = """
 0.004914493 -0.0017836453  0.0019509336 -0.0022872378
-0.001783645  0.0007185062 -0.0008482905  0.0004549436
 0.001950934 -0.0008482905  0.0083677591  0.0016321051
-0.002287238  0.0004549436  0.0016321051  0.0060609926
"""
MV = """
 0.015081059 -0.0020131555 -0.0036579995 -0.007130740
-0.002013156  0.0007603265 -0.0002607379  0.000218784
-0.003658000 -0.0002607379  0.0042972555  0.004769307
-0.007130740  0.0002187840  0.0047693066  0.010075586
"""


def printed(text):
    return np.array([line.split() for line in text.strip().splitlines()], dtype=float)


def test_the_models_that_are_made_robust():
    uni = two_level()
    assert (uni.tau2, uni.qe) == approx((0.2016, 610.2644), abs=0.51e-4)
    assert uni.omnibus.statistic == approx(66.1189, rel=1e-5)  # by metafor's default tolerance
    assert (uni.i2, uni.r2) == approx((89.68, 47.74), abs=0.006)
    mv = three_level()
    assert [c.variance for c in mv.components] == approx([0.1493, 0.0853], abs=0.51e-4)
    assert mv.omnibus.statistic == approx(19.2399, rel=1e-5)
    assert mv.beta == approx([-0.2438, -0.0380, 0.7094, 0.5054], abs=0.51e-4)
    assert mv.se == approx([0.2101, 0.0183, 0.1914, 0.2099], abs=0.51e-4)


@pytest.mark.parametrize(
    ("model", "text", "df", "p"),
    [
        (two_level, UNI, [6.44, 6.00, 8.97, 1.95], [0.7875, 0.0438, None, 0.0200]),
        (three_level, MV, [5.35, 7.22, 2.25, 2.03], [0.10015, 0.20977, 0.00555, 0.03614]),
    ],
)
def test_cr2_and_satterthwaite(model, text, df, p):
    found = cluster_robust(model(), "trial")
    expected = printed(text)
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert (np.abs(found.covariance - expected) / scale).max() < 1e-5
    assert found.df == approx(df, abs=0.0051)
    for ours, theirs in zip(found.p, p, strict=True):
        assert theirs is None or ours == approx(theirs, abs=0.51e-4)


def test_hotelling():
    uni = cluster_robust(two_level(), "trial").joint_test()
    assert (uni.statistic, uni.df, uni.df2) == (
        approx(14.9, abs=0.051),
        3,
        approx(2.63, abs=0.0051),
    )
    assert uni.p == approx(0.036, abs=0.00051)
    mv = cluster_robust(three_level(), "trial").joint_test("deltype")
    assert (mv.statistic, mv.df, mv.df2) == (approx(30.6, abs=0.051), 2, approx(0.842, abs=0.00051))
    assert mv.p == approx(0.164, abs=0.00051)


def by_definition(result, cluster):
    """CR2 and its df with nothing but the definitions, in k x k matrices."""
    X, M = np.array(result.model.design.X), np.array(result.model.M)
    k = M.shape[0]
    W = np.linalg.inv(M)
    B = np.linalg.inv(X.T @ W @ X)
    left = np.eye(k) - X @ B @ X.T @ W
    e = left @ result.model.effects.y
    meat, maps = np.zeros((X.shape[1], X.shape[1])), []
    for name in np.unique(cluster):
        rows = np.flatnonzero(cluster == name)
        D = np.linalg.cholesky(M[np.ix_(rows, rows)]).T
        inner = D @ left[rows] @ M @ left[rows].T @ D.T
        A = D.T @ np.real(sqrtm(pinvh((inner + inner.T) / 2, atol=1e-12 * np.trace(inner)))) @ D
        score = X[rows].T @ W[np.ix_(rows, rows)] @ A
        meat += np.outer(score @ e[rows], score @ e[rows])
        maps.append(B @ score @ left[rows])
    df = []
    for column in range(X.shape[1]):
        p = np.array([one[column] for one in maps])
        S = p @ M @ p.T
        df.append(np.trace(S) ** 2 / (S**2).sum())
    return B @ meat @ B, np.array(df)


@pytest.mark.parametrize("model", [two_level, three_level])
def test_against_the_definition(model):
    result = model()
    found = cluster_robust(result, "trial")
    covariance, df = by_definition(result, result.model.effects.data["trial"].to_numpy())
    assert found.covariance == approx(covariance, rel=1e-6, abs=1e-9)
    assert found.df == approx(df, rel=1e-6)


def test_metafor_robust_of_bcg():
    """metafor's test_misc_robust.r: each trial a cluster, 0.032106 adjusted and 0.029636 not."""
    mean = meta_regression(references.effects("bcg"), "1")
    assert cluster_robust(mean, "study", "CR1").covariance == approx(0.032106, abs=0.51e-6)
    assert cluster_robust(mean, "study", "CR0").covariance == approx(0.029636, abs=0.51e-6)
