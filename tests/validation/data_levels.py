"""Dependent effects: schools in districts, two outcomes, a network, and Assink's meta-analysis."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

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
# clubSandwich's pages vcovCR.rma.uni and vcovCR.rma.mv: the covariances of the coefficients.
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


def schools() -> Effects:
    """Konstantopoulos 2011: 56 schools in 11 districts."""
    districts = references.table("konstantopoulos")[["district", "year"]]
    return references.effects("konstantopoulos").with_data(districts)


def periodontal() -> Effects:
    """Berkey 1998: attachment level and probing depth of five trials, with their covariances."""
    t = references.table("berkey")
    y = np.column_stack([t.y_AL, t.y_PD]).ravel()
    V = np.zeros((10, 10))
    for row in range(5):
        off = t["cov"][row]
        V[2 * row : 2 * row + 2, 2 * row : 2 * row + 2] = [[t.v_AL[row], off], [off, t.v_PD[row]]]
    effects = Effects.from_estimates(
        y, se=np.sqrt(np.diag(V)), study=range(10), measure="MD", unit="mm", better="higher"
    )
    columns = {"trial": np.repeat(t["trial"].to_numpy(), 2), "outcome": ["AL", "PD"] * 5}
    years = np.repeat(t["year"].to_numpy(), 2)
    return replace(effects, V=V).with_data(pd.DataFrame(columns).assign(year=years))


def glucose() -> tuple[Effects, str, dict[str, Any]]:
    """Senn 2013: contrasts of 26 trials with the covariance of the three-arm trial.

    With the formula of the treatments, and what the reference gives.
    """
    network = references.expected("senn")["network"]
    contrasts = network["contrasts"]
    V = np.array(contrasts["V"])
    treatments = [name for name in network["treatments"] if name != network["reference"]]
    first, second = np.array(contrasts["treat1"]), np.array(contrasts["treat2"])
    columns = {name: (first == name) * 1.0 - (second == name) for name in treatments}
    study = [f"{row} {name}" for row, name in enumerate(contrasts["study"])]
    effects = Effects.from_estimates(
        contrasts["y"], se=np.sqrt(np.diag(V)), study=study, measure="MD", unit="%", better="lower"
    )
    data = pd.DataFrame(columns).assign(trial=contrasts["study"])
    return replace(effects, V=V).with_data(data), "0 + " + " + ".join(treatments), network


def assink() -> Effects:
    """Assink & Wibbelink 2016 (metadat::dat.assink2016): 100 effects in 17 studies."""
    rows, study = [], ""
    for word in ASSINK.split():
        if word.endswith(":"):
            study = word[:-1]
        else:
            found = re.fullmatch(r"(.+)/(.+)/(.+)(\w)", word)
            assert found, word
            y, v, year, kind = found.groups()
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
