"""The estimators of tau² to choose from, by metafor's codes. A new one is a function and a line."""

from __future__ import annotations

from collections.abc import Callable

from bayes_ps.baseline.likelihood import maximum_likelihood, restricted_maximum_likelihood
from bayes_ps.baseline.methods import Method, by_code
from bayes_ps.baseline.moments import common_effect, dersimonian_laird, paule_mandel
from bayes_ps.checks import Array

TAU2 = by_code(
    Method[Callable[[Array, Array], float]](
        "FE", "common effect", "tau2 = 0 by assumption", common_effect
    ),
    Method("DL", "DerSimonian-Laird", "doi:10.1016/0197-2456(86)90046-2", dersimonian_laird),
    Method("PM", "Paule-Mandel", "doi:10.6028/jres.087.022", paule_mandel),
    Method(
        "REML",
        "restricted maximum likelihood",
        "doi:10.3102/10769986030003261",
        restricted_maximum_likelihood,
    ),
    Method("ML", "maximum likelihood", "doi:10.3102/10769986030003261", maximum_likelihood),
)
