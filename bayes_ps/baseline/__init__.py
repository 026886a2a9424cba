"""The frequentist baseline: inverse-variance meta-analysis, one tau² plugged in."""

from bayes_ps.baseline.batch import baseline_many
from bayes_ps.baseline.components import (
    Multilevel,
    Multivariate,
    impute_covariance,
    multilevel,
    multivariate,
)
from bayes_ps.baseline.heterogeneity import i2_from_q
from bayes_ps.baseline.interval import Interval
from bayes_ps.baseline.pooling import baseline
from bayes_ps.baseline.regression import (
    Regression,
    SubgroupAnalysis,
    meta_regression,
    subgroups,
)
from bayes_ps.baseline.results import Baseline
from bayes_ps.baseline.robust import ClusterRobust, cluster_robust
from bayes_ps.baseline.side_by_side import BaselineTable, baseline_table
from bayes_ps.baseline.two_by_two import PooledCounts, mantel_haenszel, peto
from bayes_ps.baseline.weighting import plug_in

__all__ = [
    "Baseline",
    "BaselineTable",
    "ClusterRobust",
    "Interval",
    "Multilevel",
    "Multivariate",
    "PooledCounts",
    "Regression",
    "SubgroupAnalysis",
    "baseline",
    "baseline_many",
    "baseline_table",
    "cluster_robust",
    "i2_from_q",
    "impute_covariance",
    "mantel_haenszel",
    "meta_regression",
    "multilevel",
    "multivariate",
    "peto",
    "plug_in",
    "subgroups",
]
